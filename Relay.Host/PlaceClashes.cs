using System.Net;
using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// Places to listen at that stand in each other's way, found before anything is opened: the kernel would only say that the address is in use,
/// and the reader would look for another program.
/// </summary>
internal static class PlaceClashes
{
    /// <summary>Adds one line for each place that the engine's socket or an earlier place takes.</summary>
    /// <param name="options">The options as read.</param>
    /// <param name="errors">Gets the lines.</param>
    public static void Find(HostOptions options, ICollection<string> errors)
    {
        List<(string Variable, ListenAddress Place)> earlier = [];
        foreach (ListenAddress place in options.Listeners)
            Add(RelayVariables.BindConfig, place);
        foreach (ListenAddress place in options.MetricsListeners)
            Add(RelayVariables.MetricsBind, place);

        void Add(string variable, ListenAddress place)
        {
            string? error = place.UnixPath == options.SocketPath
                ? $"{variable}: {place} is the engine's own socket ({RelayVariables.SocketPath}); listen somewhere else"
                : null;
            foreach ((string otherVariable, ListenAddress other) in earlier)
                error ??= ErrorOf(variable, place, otherVariable, other);
            if (error is not null && !errors.Contains(error))
                errors.Add(error);
            earlier.Add((variable, place));
        }
    }

    private static string? ErrorOf(string variable, ListenAddress place, string otherVariable, ListenAddress other)
    {
        if (place.Port != other.Port)
            return null;
        string remedy = variable == otherVariable ? "leave one out" : $"choose another {(place.UnixPath is null ? "port" : "path")}";
        if (place.UnixPath == other.UnixPath && Equals(place.Address, other.Address))
            return variable == otherVariable ? $"{variable}: {place} is named twice; {remedy}" : $"{variable}: {place} is named twice, in {otherVariable} too; {remedy}";
        if (place.UnixPath is not null || other.UnixPath is not null)
            return null;
        (ListenAddress Part, ListenAddress Whole)? pair = Holds(other, place) ? (place, other) : Holds(place, other) ? (other, place) : null;
        if (pair is null)
            return null;
        string where = variable == otherVariable ? "" : $", and one of them is in {otherVariable}";
        return $"{variable}: {pair.Value.Part} is part of {pair.Value.Whole}{where}; {remedy}";
    }

    // [::] takes IPv4 too unless v6only says otherwise (ipv6(7)); the ports are the same.
    private static bool Holds(ListenAddress whole, ListenAddress part)
    {
        if (whole.Address!.Equals(IPAddress.Any))
            return part.Address!.AddressFamily == AddressFamily.InterNetwork;
        return whole.Address.Equals(IPAddress.IPv6Any) && (part.Address!.AddressFamily == AddressFamily.InterNetworkV6 || !whole.V6Only);
    }
}
