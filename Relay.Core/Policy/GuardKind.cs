namespace SocketRelay.Policy;

/// <summary>Which guard looks at a request of a route. The guard room owns what each one judges; the route table only names it.</summary>
internal enum GuardKind : byte
{
    /// <summary>Nothing in query, body or named object can ask for the host.</summary>
    None,

    /// <summary>POST /containers/create.</summary>
    ContainerCreate,

    /// <summary>POST /containers/{name}/update.</summary>
    ContainerUpdate,

    /// <summary>POST /containers/{name}/start: an old HostConfig body, checkpoint-dir.</summary>
    ContainerStart,

    /// <summary>POST /containers/{name}/restart: as a start, which it is where the container does not run.</summary>
    ContainerRestart,

    /// <summary>POST /containers/{name}/rename: names opened by ALLOW_ENTER, the relay itself.</summary>
    ContainerRename,

    /// <summary>Calls that act on a container without entering it (pause, unpause, kill, stop, DELETE): the relay itself only.</summary>
    ContainerTouch,

    /// <summary>POST /containers/{name}/attach and GET /containers/{name}/attach/ws.</summary>
    ContainerAttach,

    /// <summary>HEAD, GET, PUT /containers/{name}/archive and POST /containers/{name}/copy.</summary>
    ContainerArchive,

    /// <summary>GET /containers/{name}/top: <c>=</c> in ps_args.</summary>
    ContainerTop,

    /// <summary>POST, GET and DELETE of /containers/{name}/checkpoints…: checkpoint-dir.</summary>
    ContainerCheckpoint,

    /// <summary>POST /containers/{name}/exec.</summary>
    ExecCreate,

    /// <summary>POST /exec/{id}/start.</summary>
    ExecStart,

    /// <summary>POST /commit.</summary>
    Commit,

    /// <summary>POST /build.</summary>
    Build,

    /// <summary>POST /images/create.</summary>
    ImageCreate,

    /// <summary>GET /images/search: the term may name the machine that the engine asks.</summary>
    ImageSearch,

    /// <summary>POST /volumes/create and PUT /volumes/{name}.</summary>
    VolumeCreate,

    /// <summary>DELETE /volumes/{name}: the name is not judged, since the engine removes no volume in use; the media type of a body is.</summary>
    VolumeRemove,

    /// <summary>POST /networks/create.</summary>
    NetworkCreate,

    /// <summary>POST /networks/{id}/connect.</summary>
    NetworkConnect,

    /// <summary>POST /networks/{id}/disconnect.</summary>
    NetworkDisconnect,

    /// <summary>POST /services/create.</summary>
    ServiceCreate,

    /// <summary>POST /services/{id}/update.</summary>
    ServiceUpdate,

    /// <summary>DELETE /services/{id}: the service that the relay is a task of.</summary>
    ServiceRemove,

    /// <summary>POST /secrets/create, /secrets/{id}/update.</summary>
    Secret,

    /// <summary>POST /configs/create, /configs/{id}/update.</summary>
    Config,

    /// <summary>POST /swarm/init, /swarm/join, /swarm/update, /swarm/unlock, /nodes/{id}/update.</summary>
    SwarmMembership,

    /// <summary>POST /swarm/leave: ends every task on the engine, the relay too where it is one.</summary>
    SwarmLeave,

    /// <summary>GET /swarm and GET /swarm/unlockkey: the swarm's keys.</summary>
    SwarmTokens,

    /// <summary>Every plugin write but push: pull, create, upgrade, set, enable; disable and remove too, for a plugin may be what authorizes calls.</summary>
    PluginWrite,

    /// <summary>Any other write that the table knows: only its media type is judged (no form or multipart body).</summary>
    OtherWrite,

    /// <summary>A write to an operation that the route table does not know.</summary>
    UnknownWrite,
}
