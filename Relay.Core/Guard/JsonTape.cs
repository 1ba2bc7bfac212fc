using System.Buffers;

namespace SocketRelay.Guard;

/// <summary>The values of one JSON text, one node each, in a buffer that is kept for the next text. The owner is one loop.</summary>
internal sealed class JsonTape
{
    private const int KeptNodes = 1024;
    private TapeNode[] _nodes = new TapeNode[KeptNodes];

    /// <summary>How many nodes there are.</summary>
    public int Count { get; private set; }

    /// <summary>The nodes in document order; valid until the next <see cref="Clear"/> or <see cref="Add"/>.</summary>
    public ReadOnlySpan<TapeNode> Nodes => _nodes.AsSpan(0, Count);

    /// <summary>Forgets all nodes; a buffer that grew for an unusual text goes back to the pool.</summary>
    public void Clear()
    {
        Count = 0;
        if (_nodes.Length == KeptNodes)
            return;
        ArrayPool<TapeNode>.Shared.Return(_nodes);
        _nodes = new TapeNode[KeptNodes];
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
        if (_nodes.Length > KeptNodes)
            ArrayPool<TapeNode>.Shared.Return(_nodes);
        _nodes = larger;
    }
}
