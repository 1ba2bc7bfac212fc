using System.Buffers;
using System.Text;

namespace SocketRelay.Policy;

/// <summary>
/// The path patterns of a rule set as one tree of segments: which patterns match a path, as one bit each. A pattern is segments after
/// slashes: a literal, <c>a|b</c> (any of these literals), <c>{id}</c> (one or more of <c>A-Z a-z 0-9 _ . -</c>), and as the last one
/// <c>**</c>: the path so far and everything below it. Matching is by whole segments and case-sensitive. Nothing is allocated in
/// <see cref="Match(ReadOnlySpan{byte})"/>.
/// </summary>
internal sealed class PathPatterns
{
    private static readonly SearchValues<byte> IdBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    private readonly Node _root;

    /// <summary>Compiles the patterns. The pattern at index n owns bit n.</summary>
    /// <param name="patterns">At most 64 patterns.</param>
    public PathPatterns(IReadOnlyList<string> patterns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(patterns.Count, 64);
        var root = new NodeBuilder();
        for (int i = 0; i < patterns.Count; i++)
            root.Add(patterns[i][1..].Split('/'), 1UL << i);
        _root = root.Build();
    }

    /// <summary>The patterns that match, a bit each.</summary>
    /// <param name="path">A decoded path without version prefix; begins with a slash.</param>
    public ulong Match(ReadOnlySpan<byte> path) => Match(_root, path);

    private static ulong Match(Node node, ReadOnlySpan<byte> rest)
    {
        ulong matched = node.Below;
        while (true)
        {
            if (rest.IsEmpty)
                return matched | node.Here;
            if (node.IsLeaf)
                return matched;

            rest = rest[1..];
            int length = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> segment = length < 0 ? rest : rest[..length];
            rest = rest[segment.Length..];
            if (node.Id is { } id && !(rest.IsEmpty && id.EndsNothing) && !segment.IsEmpty && segment.IndexOfAnyExcept(IdBytes) < 0)
                matched |= Match(id, rest);
            if (node.Find(segment) is not { } next)
                return matched;
            node = next;
            matched |= node.Below;
        }
    }

    /// <summary>
    /// One place in the tree: the patterns that end here, those that hold everything from here on, and where each segment leads.
    /// </summary>
    private sealed class Node(ulong here, ulong below, Node? id, IReadOnlyCollection<KeyValuePair<byte[], Node>> children)
    {
        private readonly SegmentMap<Node> _children = new(children);

        public ulong Here { get; } = here;

        public ulong Below { get; } = below;

        public Node? Id { get; } = id;

        public bool IsLeaf { get; } = id is null && children.Count == 0;

        public bool EndsNothing { get; } = (here | below) == 0;

        public Node? Find(ReadOnlySpan<byte> segment) => _children.Find(segment);
    }

    private sealed class NodeBuilder
    {
        private readonly Dictionary<string, NodeBuilder> _children = [];
        private NodeBuilder? _id;
        private ulong _here;
        private ulong _below;

        public void Add(ReadOnlySpan<string> segments, ulong bit)
        {
            if (segments.IsEmpty)
            {
                _here |= bit;
                return;
            }

            switch (segments[0])
            {
                case "**":
                    _below |= bit;
                    break;
                case "{id}":
                    (_id ??= new NodeBuilder()).Add(segments[1..], bit);
                    break;
                default:
                    foreach (string literal in segments[0].Split('|'))
                    {
                        if (!_children.TryGetValue(literal, out NodeBuilder? child))
                            _children.Add(literal, child = new NodeBuilder());
                        child.Add(segments[1..], bit);
                    }

                    break;
            }
        }

        public Node Build() =>
            new(
                _here,
                _below,
                _id?.Build(),
                [.. _children.Select(child => KeyValuePair.Create(Encoding.ASCII.GetBytes(child.Key), child.Value.Build()))]);
    }
}
