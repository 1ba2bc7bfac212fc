using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Finds which container a process runs in, from texts that the host room read for it.</summary>
internal static class SelfEvidence
{
    private const int FullIdLength = 64;
    private const int ShortIdLength = 12;

    /// <summary>Ids or names under which the relay's own container may be known, the surest first; to be inspected one by one with
    /// <see cref="GuardQuestion.Container"/> until <see cref="FromInspection"/> says yes. A host name is no evidence of a container: anybody
    /// can give one the host's name. It counts where an engine has mounted a file for the process without showing its container's id there
    /// (some sandboxes hide it), and no id is found anywhere else.</summary>
    /// <param name="mountinfo">/proc/self/mountinfo, or null.</param>
    /// <param name="cgroup">/proc/self/cgroup, or null.</param>
    /// <param name="hostname">The host name, or null.</param>
    public static IReadOnlyList<string> Candidates(string? mountinfo, string? cgroup, string? hostname)
    {
        var candidates = new List<string>();
        bool isMounted = false;
        // The engine mounts /etc/hostname, /etc/hosts and /etc/resolv.conf from DATAROOT/containers/ID; proc_pid_mountinfo(5), field 4.
        foreach (string line in Lines(mountinfo))
        {
            string[] fields = line.Split(' ');
            if (fields.Length <= 4 || fields[4] is not ("/etc/hostname" or "/etc/hosts" or "/etc/resolv.conf"))
                continue;
            isMounted = true;
            AddIds(fields[3], candidates);
        }

        // On cgroup v1, or in the host's cgroup namespace, the path ends in /docker/ID or docker-ID.scope; cgroups(7).
        foreach (string line in Lines(cgroup))
            AddIds(line, candidates);
        string name = hostname?.Trim() ?? "";
        // The engine makes the host name of the id's first digits, unless somebody chose another.
        if (isMounted && candidates.Count == 0 && PlainNames.IsObjectName(name))
            candidates.Add(name);
        return candidates;
    }

    /// <summary>The identity in the engine's answer about a candidate, or null if the answer is about somebody else or not understood.</summary>
    /// <param name="candidate">The candidate that was asked about.</param>
    /// <param name="hostname">The host name of the relay.</param>
    /// <param name="answer">The body of a 200 answer to GET /containers/{candidate}/json.</param>
    public static SelfIdentity? FromInspection(string candidate, string? hostname, ReadOnlySpan<byte> answer)
    {
        var tape = new JsonTape();
        if (StrictJson.Read(answer, tape, out _) != JsonDefect.None)
            return null;
        var json = new JsonView(answer, tape);
        string? id = json.StringOf(json.Find(0, "Id"u8));
        if (id is null || !PlainNames.IsFullId(id))
            return null;
        // Another container may have our host name for its name (or we the host's, in the host's network): only an id, or both, tell who we are.
        bool isById = candidate.Length >= ShortIdLength && PlainNames.IsIdPrefix(candidate) && id.StartsWith(candidate, StringComparison.Ordinal);
        string? itsHostname = json.StringOf(json.Find(json.Find(0, "Config"u8), "Hostname"u8));
        if (!isById && (itsHostname is null or "" || itsHostname != hostname?.Trim()))
            return null;
        var names = new List<string>();
        if (TargetRules.NameOf(json) is { Length: > 0 } name)
            names.Add(name);
        var volumes = new List<string>();
        int mounts = json.Find(0, "Mounts"u8);
        if (json.KindOf(mounts) == JsonTokenType.StartArray)
            for (int mount = json.FirstIn(mounts); mount >= 0; mount = json.After(mount))
                if (json.StringOf(json.Find(mount, "Name"u8)) is { Length: > 0 } volume)
                    volumes.Add(volume);
        int labels = json.Find(json.Find(0, "Config"u8), "Labels"u8);
        return new SelfIdentity(id, names, volumes)
        {
            ServiceId = json.StringOf(json.Find(labels, "com.docker.swarm.service.id"u8)), ServiceName = json.StringOf(json.Find(labels, "com.docker.swarm.service.name"u8)),
        };
    }

    private static void AddIds(string text, List<string> candidates)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
                continue;
            string run = text[start..i];
            if (run.Length == FullIdLength && PlainNames.IsFullId(run) && !candidates.Contains(run))
                candidates.Add(run);
            start = i + 1;
        }
    }

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
