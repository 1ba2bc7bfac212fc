using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>One line of the guard's table as a test: a body that is refused, what opens it, and the field as it is named.</summary>
/// <param name="Kind">The route's guard.</param>
/// <param name="Power">The row.</param>
/// <param name="Body">The JSON body.</param>
/// <param name="Text">What the refusal says: field and opener.</param>
/// <param name="Opener">The setting that opens it, or null if nothing does.</param>
internal sealed record RowCase(GuardKind Kind, GuardPower Power, string Body, string Text, string? Opener)
{
    /// <summary>A case inside the HostConfig of a create.</summary>
    public static RowCase Host(GuardPower power, string member, string text, string? opener) =>
        new(GuardKind.ContainerCreate, power, "{\"Image\":\"busybox\",\"HostConfig\":{" + member + "}}", text, opener);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Body}";
}
