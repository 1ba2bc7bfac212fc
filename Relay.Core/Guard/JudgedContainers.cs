namespace SocketRelay.Guard;

/// <summary>The verdicts of the containers that were asked about last, by full id. One loop owns it.</summary>
internal sealed class JudgedContainers
{
    /// <summary>How many are kept: more than a host runs, under 1 MB.</summary>
    public const int Capacity = 1024;

    private readonly Dictionary<string, ContainerVerdict> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>How many are kept now.</summary>
    public int Count => _byId.Count;

    /// <summary>The verdict of a full id, or null.</summary>
    public ContainerVerdict? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Keeps a verdict; the oldest goes when there are too many.</summary>
    public void Keep(ContainerVerdict verdict)
    {
        if (!_byId.TryAdd(verdict.Id, verdict))
            return;
        _oldestFirst.Enqueue(verdict.Id);
        if (_oldestFirst.Count > Capacity)
            _byId.Remove(_oldestFirst.Dequeue());
    }

    /// <summary>Forgets all: the settings changed.</summary>
    public void Clear()
    {
        _byId.Clear();
        _oldestFirst.Clear();
    }
}
