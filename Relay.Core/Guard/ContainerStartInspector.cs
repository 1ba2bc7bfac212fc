namespace SocketRelay.Guard;

/// <summary>POST /containers/{name}/start: its body was a HostConfig once (API before 1.24). Clients send none, or <c>{}</c>.</summary>
internal static class ContainerStartInspector
{
    /// <summary>Refuses a body other than an empty object.</summary>
    public static void Inspect(ref Inspection inspection)
    {
        if (inspection.Json.KindOf(0) != System.Text.Json.JsonTokenType.StartObject || inspection.Json.FirstIn(0) >= 0)
        {
            inspection.Add(GuardPower.OldDoors, "a body other than {} is never allowed on start (old engines read it as a HostConfig)");
            inspection.MayHideSelf = true;
        }
    }
}
