using G = SocketRelay.Policy.GuardKind;
using H = SocketRelay.Policy.HijackKind;

namespace SocketRelay.Policy;

/// <summary>
/// The engine's operations, as data, in an order in which the first match is the engine's own (the checkpoint operations stand before
/// the containers', as their router does in moby). Operations of all engines since API 1.24 are here: a route that an engine does not
/// have is answered with its own 404. Matching is <see cref="RouteMatcher"/>'s.
/// </summary>
internal static class RouteTable
{
    private static readonly Route[] Built = Build();

    /// <summary>All operations; the one with id n stands at n - 1.</summary>
    public static IReadOnlyList<Route> Routes => Built;

    /// <summary>The operation with this id, or null for 0.</summary>
    public static Route? Find(ushort id) => id == 0 ? null : Built[id - 1];

    private static Route[] Build()
    {
        List<Route> routes = [];

        Add("POST", "/build", G.Build, streaming: true);
        Add("POST", "/build/prune", G.OtherWrite);
        Add("POST", "/build/cancel", G.OtherWrite);

        Add("GET", "/containers/{name}/checkpoints", G.ContainerCheckpoint);
        Add("POST", "/containers/{name}/checkpoints", G.ContainerCheckpoint);
        Add("DELETE", "/containers/{name}/checkpoints/{checkpoint}", G.ContainerCheckpoint);

        Add("HEAD", "/containers/{name}/archive", G.ContainerArchive);
        Add("GET", "/containers/json");
        Add("GET", "/containers/{name}/export");
        Add("GET", "/containers/{name}/changes");
        Add("GET", "/containers/{name}/json");
        Add("GET", "/containers/{name}/top", G.ContainerTop);
        Add("GET", "/containers/{name}/logs", streaming: true);
        Add("GET", "/containers/{name}/stats", streaming: true);
        Add("GET", "/containers/{name}/attach/ws", G.ContainerAttach, H.WebSocket);
        Add("GET", "/exec/{id}/json");
        Add("GET", "/containers/{name}/archive", G.ContainerArchive);
        Add("POST", "/containers/create", G.ContainerCreate);
        Add("POST", "/containers/{name}/kill", G.ContainerTouch);
        Add("POST", "/containers/{name}/pause", G.ContainerTouch);
        Add("POST", "/containers/{name}/unpause", G.ContainerTouch);
        Add("POST", "/containers/{name}/restart", G.ContainerRestart);
        Add("POST", "/containers/{name}/start", G.ContainerStart);
        Add("POST", "/containers/{name}/stop", G.ContainerTouch);
        Add("POST", "/containers/{name}/wait", G.OtherWrite, streaming: true);
        Add("POST", "/containers/{name}/resize", G.OtherWrite);
        Add("POST", "/containers/{name}/attach", G.ContainerAttach, H.RawStream);
        Add("POST", "/containers/{name}/copy", G.ContainerArchive);
        Add("POST", "/containers/{name}/exec", G.ExecCreate);
        Add("POST", "/exec/{id}/start", G.ExecStart, H.RawStream);
        Add("POST", "/exec/{id}/resize", G.OtherWrite);
        Add("POST", "/containers/{name}/rename", G.ContainerRename);
        Add("POST", "/containers/{name}/update", G.ContainerUpdate);
        Add("POST", "/containers/prune", G.OtherWrite);
        Add("POST", "/commit", G.Commit);
        Add("PUT", "/containers/{name}/archive", G.ContainerArchive);
        Add("DELETE", "/containers/{name}", G.ContainerTouch);

        Add("GET", "/debug/vars");
        Add("GET", "/debug/pprof/");
        Add("GET", "/debug/pprof/cmdline");
        Add("GET", "/debug/pprof/profile");
        Add("GET", "/debug/pprof/symbol");
        Add("GET", "/debug/pprof/trace");
        Add("GET", "/debug/pprof/{name}");
        Add("GET", "/distribution/{name}/json");
        Add("POST", "/grpc", G.OtherWrite, H.H2c);

        Add("GET", "/images/json");
        Add("GET", "/images/search", G.ImageSearch);
        Add("GET", "/images/get");
        Add("GET", "/images/{name}/get");
        Add("GET", "/images/{name}/history");
        Add("GET", "/images/{name}/json");
        Add("GET", "/images/{name}/attestations");
        Add("POST", "/images/load", G.OtherWrite, streaming: true);
        Add("POST", "/images/create", G.ImageCreate, streaming: true);
        Add("POST", "/images/{name}/push", G.OtherWrite, streaming: true);
        Add("POST", "/images/{name}/tag", G.OtherWrite);
        Add("POST", "/images/prune", G.OtherWrite);
        Add("DELETE", "/images/{name}", G.OtherWrite);

        Add("GET", "/networks");
        Add("GET", "/networks/");
        Add("GET", "/networks/{id}");
        Add("POST", "/networks/create", G.NetworkCreate);
        Add("POST", "/networks/{id}/connect", G.NetworkConnect);
        Add("POST", "/networks/{id}/disconnect", G.NetworkDisconnect);
        Add("POST", "/networks/prune", G.OtherWrite);
        Add("DELETE", "/networks/{id}", G.OtherWrite);

        Add("GET", "/plugins");
        Add("GET", "/plugins/{name}/json");
        Add("GET", "/plugins/privileges");
        Add("DELETE", "/plugins/{name}", G.PluginWrite);
        Add("POST", "/plugins/{name}/enable", G.PluginWrite);
        Add("POST", "/plugins/{name}/disable", G.PluginWrite);
        Add("POST", "/plugins/pull", G.PluginWrite, streaming: true);
        Add("POST", "/plugins/{name}/push", G.OtherWrite, streaming: true);
        Add("POST", "/plugins/{name}/upgrade", G.PluginWrite, streaming: true);
        Add("POST", "/plugins/{name}/set", G.PluginWrite);
        Add("POST", "/plugins/create", G.PluginWrite);

        Add("POST", "/session", G.OtherWrite, H.H2c);

        Add("POST", "/swarm/init", G.SwarmMembership);
        Add("POST", "/swarm/join", G.SwarmMembership);
        Add("POST", "/swarm/leave", G.SwarmLeave);
        Add("GET", "/swarm", G.SwarmTokens);
        Add("GET", "/swarm/unlockkey", G.SwarmTokens);
        Add("POST", "/swarm/update", G.SwarmMembership);
        Add("POST", "/swarm/unlock", G.SwarmMembership);
        Add("GET", "/services");
        Add("GET", "/services/{id}");
        Add("POST", "/services/create", G.ServiceCreate);
        Add("POST", "/services/{id}/update", G.ServiceUpdate);
        Add("DELETE", "/services/{id}", G.ServiceRemove);
        Add("GET", "/services/{id}/logs", streaming: true);
        Add("GET", "/nodes");
        Add("GET", "/nodes/{id}");
        Add("DELETE", "/nodes/{id}", G.OtherWrite);
        Add("POST", "/nodes/{id}/update", G.SwarmMembership);
        Add("GET", "/tasks");
        Add("GET", "/tasks/{id}");
        Add("GET", "/tasks/{id}/logs", streaming: true);
        Add("GET", "/secrets");
        Add("POST", "/secrets/create", G.Secret);
        Add("DELETE", "/secrets/{id}", G.OtherWrite);
        Add("GET", "/secrets/{id}");
        Add("POST", "/secrets/{id}/update", G.Secret);
        Add("GET", "/configs");
        Add("POST", "/configs/create", G.Config);
        Add("DELETE", "/configs/{id}", G.OtherWrite);
        Add("GET", "/configs/{id}");
        Add("POST", "/configs/{id}/update", G.Config);

        Add("GET", "/_ping");
        Add("HEAD", "/_ping");
        Add("GET", "/events", streaming: true);
        Add("GET", "/info");
        Add("GET", "/version");
        Add("GET", "/system/df");
        Add("POST", "/auth", G.OtherWrite);

        Add("GET", "/volumes");
        Add("GET", "/volumes/{name}");
        Add("POST", "/volumes/create", G.VolumeCreate);
        Add("POST", "/volumes/prune", G.OtherWrite);
        Add("PUT", "/volumes/{name}", G.VolumeCreate);
        Add("DELETE", "/volumes/{name}", G.VolumeRemove);

        // The engine answers OPTIONS of any path by itself, with nothing.
        Add("OPTIONS", "/{anyroute}", G.OtherWrite);
        return [.. routes];

        void Add(string method, string pattern, G guard = G.None, H hijack = H.None, bool streaming = false) =>
            routes.Add(new Route((ushort)(routes.Count + 1), method, pattern, guard, hijack, streaming));
    }
}
