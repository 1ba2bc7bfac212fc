namespace SocketRelay.Guard;

/// <summary>The verdicts of the containers that were asked about last, by full id. One loop owns it.</summary>
internal sealed class JudgedContainers
{
    /// <summary>How many are kept: more than a host runs. One without volumes takes some 400 bytes.</summary>
    public const int Capacity = 1024;

    /// <summary>Bytes of all together, about: a container may have been given long names and many volumes.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Bytes of one, about; a longer one is judged anew each time, and puts no other out.</summary>
    public const int MaxVerdictBytes = 64 * 1024;

    private readonly Dictionary<string, ContainerVerdict> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>How many are kept now.</summary>
    public int Count => _byId.Count;

    /// <summary>Bytes that they hold now, about.</summary>
    public int Bytes { get; private set; }

    /// <summary>The verdict of a full id, or null.</summary>
    public ContainerVerdict? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Keeps a verdict; the oldest go when there are too many, or when they are too long.</summary>
    public void Keep(ContainerVerdict verdict)
    {
        if (verdict.Bytes > MaxVerdictBytes || !_byId.TryAdd(verdict.Id, verdict))
            return;
        _oldestFirst.Enqueue(verdict.Id);
        Bytes += verdict.Bytes;
        while (_oldestFirst.Count > Capacity || Bytes > MaxBytes)
            if (_byId.Remove(_oldestFirst.Dequeue(), out ContainerVerdict? oldest))
                Bytes -= oldest.Bytes;
    }

    /// <summary>Forgets all: the settings changed.</summary>
    public void Clear()
    {
        _byId.Clear();
        _oldestFirst.Clear();
        Bytes = 0;
    }
}
