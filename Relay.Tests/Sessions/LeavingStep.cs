namespace SocketRelay.Tests.Sessions;

/// <summary>Where in an exchange a client leaves: the nine steps of docs/architecture.md, those with two forms twice.</summary>
public enum LeavingStep
{
    /// <summary>1: accepted, not a byte sent.</summary>
    Accepted,

    /// <summary>2: inside its head.</summary>
    Head,

    /// <summary>3: behind the whole head of a call that is refused.</summary>
    Plan,

    /// <summary>4: inside a body that the guard reads first.</summary>
    Gathering,

    /// <summary>4: while the guard asks the engine.</summary>
    Asking,

    /// <summary>5: while the engine takes no connection.</summary>
    Dialling,

    /// <summary>5: inside a body that goes through, of known length.</summary>
    Upload,

    /// <summary>5: inside a body that goes through, in chunks.</summary>
    ChunkedUpload,

    /// <summary>6: while the engine thinks.</summary>
    Waiting,

    /// <summary>6: while half of the engine's head has come.</summary>
    HalfAnswerHead,

    /// <summary>7, 8: without reading anything of a large answer, which no buffer holds.</summary>
    UnreadAnswer,

    /// <summary>8: inside an answer.</summary>
    AnswerBody,

    /// <summary>8: inside a tunnel.</summary>
    Tunnel,

    /// <summary>9: behind the whole answer, on a kept connection.</summary>
    Recorded,
}
