using System.Text.Json;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>POST /containers/{name}/start: its body was a HostConfig once (API before 1.24). Clients send none, <c>{}</c> or <c>null</c>.</summary>
internal static class ContainerStartInspector
{
    /// <summary>
    /// Up to this length every engine leaves the body unread, at every API version, where its length is given: no HostConfig is so short. It
    /// parses a form, but no key that it looks for (<c>checkpoint</c>, <c>checkpoint-dir</c>) is so short either.
    /// </summary>
    public const int UnreadBytes = 7;

    /// <summary>Whether the engine makes nothing of a body, whatever it is and of whatever type.</summary>
    public static bool IsUnread(GuardKind kind, BodyFraming framing) =>
        kind == GuardKind.ContainerStart && framing is { Kind: BodyFramingKind.Length, Length: <= UnreadBytes };

    /// <summary>Refuses a body that says anything.</summary>
    public static void Inspect(ref Inspection inspection)
    {
        if (inspection.Json.KindOf(0) != JsonTokenType.StartObject || inspection.Json.FirstIn(0) < 0)
            return;
        inspection.Add(GuardPower.OldDoors, "a body other than {} is never allowed on start (old engines read it as a HostConfig)");
        inspection.MayHideSelf = true;
    }
}
