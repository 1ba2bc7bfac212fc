namespace SocketRelay.Http;

/// <summary>The forms of a request-target (RFC 9112 3.2).</summary>
internal enum RequestTargetForm : byte
{
    /// <summary>origin-form: absolute-path [ "?" query ]. The only one that is ever forwarded.</summary>
    Origin,

    /// <summary>absolute-form: a whole URI; written anew in origin-form before it is judged.</summary>
    Absolute,

    /// <summary>authority-form: uri-host ":" port, for CONNECT.</summary>
    Authority,

    /// <summary>asterisk-form: <c>*</c>, for OPTIONS.</summary>
    Asterisk,
}
