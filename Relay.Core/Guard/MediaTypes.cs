using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>Which media types a body may have. The engine parses a form body on every route and lets its values override the query;
/// a multipart body fills what the query leaves empty. No client of the API sends either. The engine reads the first Content-Type field
/// alone, and so does this.</summary>
internal static class MediaTypes
{
    /// <summary>Judges the media type of a request.</summary>
    public static GuardResult Judge(GuardKind kind, in GuardRequest request)
    {
        if (!request.HasBody)
            return GuardResult.Pass;
        ReadOnlySpan<byte> type = TypeOf(request.ContentType);
        if (IsForm(type))
            return GuardResult.Refuse(
                403, GuardText.Line("a form body is never allowed (its values would override the query); send it without Content-Type or as JSON"),
                GuardPower.OldDoors);
        // Go folds case and trims by Unicode's rules: behind U+0130 for an i, or beside U+00A0, stands a form all the same.
        if (!type.IsEmpty && !IsPlain(type))
            return GuardResult.Refuse(
                403, GuardText.Line("a Content-Type that is no plain type/subtype is never allowed (the engine might take it for a form body)"), GuardPower.OldDoors);
        if (!TakesJson(kind))
            return GuardResult.Pass;
        if (request.HasContentEncoding)
            return GuardResult.Refuse(415, "Refused by socketrelay: a JSON body with a Content-Encoding; the engine would not decode it: send it plain");
        return Ascii.EqualsIgnoreCase(type, "application/json"u8)
            ? GuardResult.Pass
            : GuardResult.Refuse(415, "Refused by socketrelay: the body of this call must have Content-Type: application/json");
    }

    /// <summary>Whether the engine reads the body of such a route as JSON.</summary>
    private static bool TakesJson(GuardKind kind) => kind is GuardKind.ContainerCreate or GuardKind.ContainerUpdate or GuardKind.ContainerStart
        or GuardKind.ContainerCheckpoint or GuardKind.ExecCreate or GuardKind.ExecStart or GuardKind.Commit or GuardKind.VolumeCreate
        or GuardKind.NetworkCreate or GuardKind.NetworkConnect or GuardKind.NetworkDisconnect or GuardKind.ServiceCreate
        or GuardKind.ServiceUpdate or GuardKind.Secret or GuardKind.Config or GuardKind.SwarmMembership;

    private static bool IsForm(ReadOnlySpan<byte> type) =>
        Ascii.EqualsIgnoreCase(type, "application/x-www-form-urlencoded"u8)
        || (type.Length >= 10 && Ascii.EqualsIgnoreCase(type[..10], "multipart/"u8));

    /// <summary>Whether a type is <c>token "/" token</c> (RFC 9110 8.3.1), which has one meaning for every reader.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> type)
    {
        int slash = type.IndexOf((byte)'/');
        return slash > 0 && slash < type.Length - 1
            && !type[..slash].ContainsAnyExcept(HttpCharacters.Token) && !type[(slash + 1)..].ContainsAnyExcept(HttpCharacters.Token);
    }

    /// <summary>The type without parameters. Go keeps the type even where the parameters are malformed.</summary>
    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> contentType)
    {
        int end = contentType.IndexOf((byte)';');
        return (end < 0 ? contentType : contentType[..end]).Trim(" \t"u8);
    }
}
