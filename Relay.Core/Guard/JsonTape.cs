using System.Buffers;

namespace SocketRelay.Guard;

/// <summary>The values of one JSON text, one node each, in a buffer that is kept for the next text. The owner is one loop.</summary>
internal sealed class JsonTape
{
    /// <summary>Nodes that are kept: a create of the CLI has about 150, so few bodies rent more. 36 KiB.</summary>
    private const int KeptNodes = 1024;

    private readonly TapeNode[] _kept = new TapeNode[KeptNodes];
    private TapeNode[] _nodes;

    /// <summary>An empty tape.</summary>
    public JsonTape()
    {
        _nodes = _kept;
    }

    /// <summary>How many nodes there are.</summary>
    public int Count { get; private set; }

    /// <summary>The nodes in document order; valid until the next <see cref="Clear"/> or <see cref="Add"/>.</summary>
    public ReadOnlySpan<TapeNode> Nodes => _nodes.AsSpan(0, Count);

    /// <summary>Forgets all nodes; a buffer that grew for an unusual text goes back to the pool.</summary>
    public void Clear()
    {
        Count = 0;
        if (_nodes == _kept)
            return;
        ArrayPool<TapeNode>.Shared.Return(_nodes);
        _nodes = _kept;
    }

    /// <summary>Appends a node, to be filled in by the caller before the next call.</summary>
    public ref TapeNode Add()
    {
        if (Count == _nodes.Length)
            Grow();
        return ref _nodes[Count++];
    }

    /// <summary>The node of an index, to be changed.</summary>
    public ref TapeNode At(int index) => ref _nodes[index];

    private void Grow()
    {
        TapeNode[] larger = ArrayPool<TapeNode>.Shared.Rent(_nodes.Length * 2);
        _nodes.CopyTo(larger, 0);
        if (_nodes != _kept)
            ArrayPool<TapeNode>.Shared.Return(_nodes);
        _nodes = larger;
    }
}
