namespace SocketRelay.Exchange;

/// <summary>Where one direction of an exchange stands.</summary>
internal enum MessageState : byte
{
    /// <summary>Its head is not through.</summary>
    Head,

    /// <summary>Its head is through, its body is not.</summary>
    Body,

    /// <summary>It is whole.</summary>
    Done,

    /// <summary>It became one direction of a tunnel.</summary>
    Switched,

    /// <summary>It broke before its end; the connection can carry nothing more.</summary>
    Broken,
}

/// <summary>What happens to an exchange.</summary>
internal enum ExchangeEvent : byte
{
    /// <summary>The request's head went upstream and a body follows.</summary>
    RequestHeadSent,

    /// <summary>The request is whole.</summary>
    RequestComplete,

    /// <summary>The request's body ended early, upstream took no more of it, or it broke its coding.</summary>
    RequestBroken,

    /// <summary>A final response head went downstream and a body follows.</summary>
    ResponseHeadSent,

    /// <summary>The response is whole.</summary>
    ResponseComplete,

    /// <summary>The response broke before its end.</summary>
    ResponseBroken,

    /// <summary>The engine switched protocols and the switch is allowed.</summary>
    Switch,
}

/// <summary>
/// One request and its response as a state machine; every transition is in <see cref="Apply"/> and nowhere else (after h11). An interim
/// response (1xx other than 101) moves nothing. An early final answer while the body is still on its way is legal: the two directions
/// move on their own; only their end says whether the connection can carry another exchange.
/// </summary>
internal struct ExchangeState
{
    /// <summary>The request's side.</summary>
    public MessageState Request { get; private set; }

    /// <summary>The response's side.</summary>
    public MessageState Response { get; private set; }

    /// <summary>
    /// Whether the two connections may carry another exchange: both messages whole, both sides persistent (RFC 9112 9.3).
    /// </summary>
    public readonly bool MayReuse(bool requestPersistent, bool responsePersistent) =>
        Request == MessageState.Done && Response == MessageState.Done && requestPersistent && responsePersistent;

    /// <summary>Moves the exchange. An event that cannot happen in the present state breaks the side it belongs to: fail closed.</summary>
    public void Apply(ExchangeEvent happened)
    {
        switch (happened)
        {
            case ExchangeEvent.RequestHeadSent:
                Request = Request == MessageState.Head ? MessageState.Body : MessageState.Broken;
                break;
            case ExchangeEvent.RequestComplete:
                Request = Request is MessageState.Head or MessageState.Body ? MessageState.Done : MessageState.Broken;
                break;
            case ExchangeEvent.RequestBroken:
                Request = MessageState.Broken;
                break;
            case ExchangeEvent.ResponseHeadSent:
                Response = Response == MessageState.Head ? MessageState.Body : MessageState.Broken;
                break;
            case ExchangeEvent.ResponseComplete:
                Response = Response is MessageState.Head or MessageState.Body ? MessageState.Done : MessageState.Broken;
                break;
            case ExchangeEvent.ResponseBroken:
                Response = MessageState.Broken;
                break;
            case ExchangeEvent.Switch:
                // Only a whole request may open a tunnel: a body still on its way would turn into the stream's first bytes.
                Request = Request == MessageState.Done ? MessageState.Switched : MessageState.Broken;
                Response = Response == MessageState.Head && Request == MessageState.Switched ? MessageState.Switched : MessageState.Broken;
                break;
        }
    }
}
