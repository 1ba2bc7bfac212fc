namespace SocketRelay.Guard;

/// <summary>One question to the engine, which the session asks by a GET on a connection of its own. Only answers of the engine
/// itself may be handed back; the whole answer body is wanted, whatever its framing.</summary>
/// <param name="Kind">What is asked about.</param>
/// <param name="Target">The name or id that is asked about, as the engine knows it.</param>
/// <param name="Path">The request-target of the GET: origin-form, no version prefix, already safe for a request line.</param>
internal sealed record GuardQuestion(GuardQuestionKind Kind, string Target, string Path)
{
    /// <summary>Asks what a container is. <paramref name="name"/> must have passed <see cref="PlainNames.IsObjectName"/>.</summary>
    public static GuardQuestion Container(string name) => new(GuardQuestionKind.Container, name, $"/containers/{name}/json");

    /// <summary>Asks what an exec runs in, by its full id.</summary>
    public static GuardQuestion Exec(string id) => new(GuardQuestionKind.Exec, id, $"/exec/{id}/json");

    /// <summary>Asks how a volume was made.</summary>
    public static GuardQuestion Volume(string name) => new(GuardQuestionKind.Volume, name, $"/volumes/{name}");

    /// <summary>Asks for the id of the network called <c>host</c>; swarm services know it by another id than containers.</summary>
    public static GuardQuestion HostNetwork(bool ofSwarm) =>
        new(GuardQuestionKind.Network, "host", ofSwarm ? "/networks/host?scope=swarm" : "/networks/host");

    /// <summary>Asks what a network of this engine's own is; one of the swarm's may have the same name.</summary>
    public static GuardQuestion LocalNetwork(string name) => new(GuardQuestionKind.Network, name, $"/networks/{name}?scope=local");

    /// <summary>Asks for a service with its previous spec.</summary>
    public static GuardQuestion Service(string id) => new(GuardQuestionKind.Service, id, $"/services/{id}");
}
