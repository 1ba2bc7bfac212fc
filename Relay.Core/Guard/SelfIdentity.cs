namespace SocketRelay.Guard;

/// <summary>The relay's own container, as the engine knows it. It is found at start-up by <see cref="SelfEvidence"/> and an inspection.</summary>
/// <param name="Id">The full id.</param>
/// <param name="Names">Its names without leading slash.</param>
/// <param name="Volumes">The named volumes that it has mounted.</param>
internal sealed record SelfIdentity(string Id, IReadOnlyList<string> Names, IReadOnlyList<string> Volumes)
{
    /// <summary>The id of the swarm service that it is a task of, or null.</summary>
    public string? ServiceId { get; init; }

    /// <summary>The name of that service, or null.</summary>
    public string? ServiceName { get; init; }

    /// <summary>How sure a name in a request is to mean the relay: by full id or name it does, a shorter prefix of the id may also be
    /// somebody else's name, and a name with an inner slash may be a link's to it.</summary>
    /// <param name="name">A name, id or id prefix; one leading slash is dropped, as the engine does.</param>
    public SelfMatch Match(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("/"))
            name = name[1..];
        if (name.IsEmpty)
            return SelfMatch.No;
        if (name.SequenceEqual(Id))
            return SelfMatch.Yes;
        foreach (string own in Names)
            if (name.SequenceEqual(own))
                return SelfMatch.Yes;
        if (!PlainNames.IsObjectName(name))
            return SelfMatch.ByLink;
        return Id.AsSpan().StartsWith(name, StringComparison.Ordinal) ? SelfMatch.ByPrefix : SelfMatch.No;
    }

    /// <summary>Whether a service's name, id or start of an id means the service that the relay is a task of. A short start may be another
    /// service's name too; it is taken for the relay's all the same, since whoever means the other one can use its id.</summary>
    public bool IsTaskOf(ReadOnlySpan<char> service) =>
        !service.IsEmpty && (service.SequenceEqual(ServiceName) || (ServiceId is not null && ServiceId.AsSpan().StartsWith(service, StringComparison.Ordinal)));

    /// <summary>Whether a named volume is one of the relay's.</summary>
    public bool HasVolume(ReadOnlySpan<char> name)
    {
        foreach (string own in Volumes)
            if (name.SequenceEqual(own))
                return true;
        return false;
    }
}
