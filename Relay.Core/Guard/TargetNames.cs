using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>What the name in a path means: a container that must not be the relay, one that is to be entered, an exec, a service.</summary>
internal static class TargetNames
{
    /// <summary>Judges the name, and asks the engine where that cannot be known from the name.</summary>
    public static void Inspect(ref Inspection inspection, GuardKind kind, in GuardRequest request)
    {
        switch (kind)
        {
            case GuardKind.ContainerStart or GuardKind.ContainerRestart:
                AskAbout(ref inspection, request, InquiryPurpose.Start, byId: true);
                break;
            case GuardKind.ContainerUpdate or GuardKind.ContainerRename or GuardKind.ContainerTouch
                or GuardKind.ContainerCheckpoint when inspection.Self is not null:
                string touched = Decoded(request);
                inspection.KeepFromSelf(touched, "container " + JsonView.Shorten(touched), RequestPart.Name, 0, request.Name.Length);
                break;
            case GuardKind.ContainerAttach or GuardKind.ContainerArchive:
                AskToEnter(ref inspection, request, byId: true);
                break;
            case GuardKind.ExecCreate:
                // What counts is the start, which is judged by the exec's own container. But there the CLI prints no more than "received
                // 403"; here it prints the reason.
                AskToEnter(ref inspection, request, byId: false);
                break;
            case GuardKind.ExecStart:
                Ask(ref inspection, Decoded(request), "exec", GuardQuestion.Exec, InquiryPurpose.ExecStart);
                break;
            case GuardKind.ServiceUpdate or GuardKind.ServiceRemove when inspection.Self?.IsTaskOf(Decoded(request)) == true:
                inspection.RefuseSelfService("service " + JsonView.Shorten(Decoded(request)));
                break;
            case GuardKind.SwarmLeave when inspection.Self?.ServiceId is not null:
                inspection.RefuseSelfService("the swarm");
                break;
            case GuardKind.ServiceUpdate:
                if (inspection.WantsRollback)
                    AskForService(ref inspection, request, InquiryPurpose.Rollback, null);
                if (inspection.Registry is { } registry)
                    AskForService(ref inspection, request, InquiryPurpose.UseKeptCredentials, ServiceImage.Of(registry, request));
                break;
        }
    }

    private static void AskForService(ref Inspection inspection, in GuardRequest request, InquiryPurpose purpose, ServiceImage? image) => Ask(
        ref inspection, Decoded(request), "service", GuardQuestion.Service, purpose, QueryInspector.First(request.Query, "version"), image);

    private static void AskToEnter(ref Inspection inspection, in GuardRequest request, bool byId)
    {
        // Where every container may be entered, only the relay is looked for.
        if (!inspection.Settings.AllowEnterAll || inspection.Self is not null)
            AskAbout(ref inspection, request, InquiryPurpose.Enter, byId);
    }

    private static void AskAbout(ref Inspection inspection, in GuardRequest request, InquiryPurpose purpose, bool byId)
    {
        string name = Decoded(request);
        if (inspection.IsRefusedAsSelf(name, "container " + JsonView.Shorten(name)))
            return;
        if (!PlainNames.IsObjectName(name))
        {
            inspection.Add(GuardPower.UnknownKind, $"container {JsonView.Shorten(name)} is never allowed (no plain name or id)");
            return;
        }

        inspection.Ask(new PendingQuestion(
            GuardQuestion.Container(name), purpose, "container " + name,
            Edit: byId ? new NameToReplace(RequestPart.Name, 0, request.Name.Length, name) : null));
    }

    private static void Ask(
        ref Inspection inspection, string id, string noun, Func<string, GuardQuestion> question, InquiryPurpose purpose, string? detail = null,
        ServiceImage? image = null)
    {
        if (PlainNames.IsObjectName(id))
            inspection.Ask(new PendingQuestion(question(id), purpose, noun + " " + id, Detail: detail, Image: image));
        else
            inspection.Add(GuardPower.UnknownKind, $"{noun} {JsonView.Shorten(id)} is never allowed (no plain id)");
    }

    private static string Decoded(in GuardRequest request) => QueryReader.Decoded(request.Name, plusIsSpace: false);
}
