using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// Finds the engine's operation of a method and a path, as the engine's own router does. Nothing is allocated in <see cref="Match"/>.
/// </summary>
internal static class RouteMatcher
{
    private const int Methods = (int)HttpMethod.Trace + 1;

    // First segment of a path to the operations of each method.
    private static readonly SegmentMap<Operations?[]> Sections = BuildSections();
    private static readonly ushort OptionsRoute = RouteTable.Routes.Single(static route => route.ParsedMethod == HttpMethod.Options).Id;

    /// <summary>
    /// The operation, or the nearest to it.
    /// </summary>
    /// <param name="method">The method. HEAD of a path that only GET has is not routed by the engine; it is matched as that GET here, so
    /// that an engine which would route it finds it judged alike.</param>
    /// <param name="path">A decoded path without version prefix.</param>
    public static RouteMatch Match(HttpMethod method, ReadOnlySpan<byte> path)
    {
        if (method == HttpMethod.Options)
            return new RouteMatch(OptionsRoute, 0, 0);

        int slash = path[1..].IndexOf((byte)'/');
        int sectionEnd = slash < 0 ? path.Length : slash + 1;
        if (Sections.Find(path[1..sectionEnd]) is not { } section)
            return default;
        RouteMatch match = MatchRest(section[(int)method], path, sectionEnd);
        return match.RouteId == 0 && method == HttpMethod.Head ? MatchRest(section[(int)HttpMethod.Get], path, sectionEnd) : match;
    }

    private static RouteMatch MatchRest(Operations? operations, ReadOnlySpan<byte> path, int sectionEnd) =>
        operations is null ? default : operations.Match(path[sectionEnd..], sectionEnd);

    // Loops and lists: with LINQ's groups this took a seventh of a start.
    private static SegmentMap<Operations?[]> BuildSections()
    {
        Dictionary<string, List<Shape>?[]> shapes = [];
        foreach (Route route in RouteTable.Routes)
        {
            if (route.ParsedMethod == HttpMethod.Options)
                continue;
            if (!shapes.TryGetValue(route.Section, out List<Shape>?[]? byMethod))
                shapes.Add(route.Section, byMethod = new List<Shape>?[Methods]);
            (byMethod[(int)route.ParsedMethod] ??= []).Add(new Shape(route));
        }

        List<KeyValuePair<byte[], Operations?[]>> sections = new(shapes.Count);
        foreach ((string name, List<Shape>?[] byMethod) in shapes)
            sections.Add(new(Encoding.ASCII.GetBytes(name), Array.ConvertAll(byMethod, static list => list is null ? null : new Operations(list))));
        return new SegmentMap<Operations?[]>(sections);
    }

    /// <summary>The operations of one method whose paths begin with one segment, by their last segment.</summary>
    private sealed class Operations
    {
        private readonly SegmentMap<Shape[]> _byLastSegment;
        private readonly Shape[] _withOpenEnd = [];

        public Operations(List<Shape> shapes)
        {
            Dictionary<string, Shape[]> byLastSegment = [];
            foreach (Shape shape in shapes)
            {
                if (shape.LastSegment is not { } last)
                    _withOpenEnd = [.. _withOpenEnd, shape];
                else
                    byLastSegment[last] = byLastSegment.TryGetValue(last, out Shape[]? before) ? [.. before, shape] : [shape];
            }

            List<KeyValuePair<byte[], Shape[]>> entries = new(byLastSegment.Count);
            foreach ((string last, Shape[] alike) in byLastSegment)
                entries.Add(new(Encoding.ASCII.GetBytes(last), alike));
            _byLastSegment = new SegmentMap<Shape[]>(entries);
        }

        public RouteMatch Match(ReadOnlySpan<byte> rest, int sectionEnd)
        {
            Shape[]? shapes = _byLastSegment.Find(rest[(rest.LastIndexOf((byte)'/') + 1)..]);
            RouteMatch match = shapes is null ? default : Match(shapes, rest, sectionEnd);

            // No path ends in a literal of one operation and is another's by an open end that the engine asks first.
            return match.RouteId != 0 ? match : Match(_withOpenEnd, rest, sectionEnd);
        }

        private static RouteMatch Match(Shape[] shapes, ReadOnlySpan<byte> rest, int sectionEnd)
        {
            foreach (Shape shape in shapes)
            {
                if (shape.TryMatch(rest, out int nameStart, out int nameLength))
                    return new RouteMatch(shape.RouteId, nameLength == 0 ? 0 : sectionEnd + nameStart, nameLength);
            }

            return default;
        }
    }

    /// <summary>
    /// What follows the section in a pattern: literal bytes, then perhaps a name, literal bytes, and perhaps one last segment.
    /// </summary>
    private sealed class Shape
    {
        private readonly byte[] _prefix;
        private readonly byte[] _suffix;
        private readonly bool _hasName;
        private readonly bool _isDeepName;
        private readonly bool _hasLastSegment;

        public Shape(Route route)
        {
            RouteId = route.Id;
            _isDeepName = route.IsDeepName;
            string pattern = route.Pattern[(1 + route.Section.Length)..];
            const string last = "{checkpoint}";
            _hasLastSegment = pattern.EndsWith(last, StringComparison.Ordinal);
            if (_hasLastSegment)
                pattern = pattern[..^last.Length];
            int open = pattern.IndexOf('{');
            _hasName = open >= 0;
            _prefix = Encoding.ASCII.GetBytes(_hasName ? pattern[..open] : pattern);
            _suffix = _hasName ? Encoding.ASCII.GetBytes(pattern[(pattern.IndexOf('}') + 1)..]) : [];
            LastSegment = _hasLastSegment || pattern.EndsWith('}') ? null : pattern[(pattern.LastIndexOf('/') + 1)..];
        }

        public ushort RouteId { get; }

        /// <summary>The literal that the pattern ends in; null where it ends in something that a caller names.</summary>
        public string? LastSegment { get; }

        public bool TryMatch(ReadOnlySpan<byte> rest, out int nameStart, out int nameLength)
        {
            nameStart = 0;
            nameLength = 0;
            if (!_hasName)
                return rest.SequenceEqual(_prefix);

            if (_hasLastSegment)
            {
                int slash = rest.LastIndexOf((byte)'/');
                if (slash < 0 || slash == rest.Length - 1)
                    return false;
                rest = rest[..(slash + 1)];
            }

            int length = rest.Length - _prefix.Length - _suffix.Length;
            if (length <= 0 || !rest.EndsWith(_suffix) || !rest.StartsWith(_prefix))
                return false;
            if (!_isDeepName && rest.Slice(_prefix.Length, length).Contains((byte)'/'))
                return false;
            nameStart = _prefix.Length;
            nameLength = length;
            return true;
        }
    }
}
