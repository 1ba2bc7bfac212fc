namespace SocketRelay.Guard;

/// <summary>POST /services/create, /services/{id}/update, and the previous spec that a rollback brings back.</summary>
internal static class ServiceSpecInspector
{
    private static readonly ObjectShape Ulimit = new(FieldRule.Of("Name", GuardPower.Priority, HostConfigChecks.UlimitName));

    private static readonly ObjectShape Privileges = new(
        FieldRule.Of("CredentialSpec", GuardPower.Confinement, FieldTests.AnyContent),
        FieldRule.Of("SELinuxContext", GuardPower.Confinement, FieldTests.AnyContent),
        FieldRule.Of("Seccomp", GuardPower.Confinement, FieldTests.AnyContent),
        FieldRule.Of("AppArmor", GuardPower.Confinement, FieldTests.AnyContent));

    private static readonly ObjectShape ConfigReference = new(FieldRule.Of("Runtime", GuardPower.EngineHarm, ConfigRuntime));

    private static readonly ObjectShape ContainerSpec = new(
        FieldRule.Of("Image", GuardPower.RegistryCredentials, Image),
        FieldRule.List("Configs", GuardPower.EngineHarm, null, ConfigReference),
        FieldRule.List("Mounts", GuardPower.HostPaths, MountChecks.ServiceMounts, HostConfigShape.Mount),
        FieldRule.Of("CapabilityAdd", GuardPower.Capabilities, HostConfigChecks.Capabilities),
        FieldRule.Object("Privileges", Privileges),
        FieldRule.Of("OomScoreAdj", GuardPower.Priority, FieldTests.Negative),
        FieldRule.List("Ulimits", GuardPower.Priority, null, Ulimit),
        FieldRule.Object("Healthcheck", HealthChecks.Shape),
        FieldRule.Of("Env", GuardPower.EngineHarm, ServiceChecks.Env),
        FieldRule.Of("Hostname", GuardPower.EngineHarm, ServiceChecks.Hostname),
        FieldRule.Of("Groups", GuardPower.EngineHarm, HostConfigChecks.Groups),
        FieldRule.List("Secrets"),
        FieldRule.Map("Labels"),
        FieldRule.Map("Sysctls"));

    private static readonly ObjectShape Resources = new(
        FieldRule.List("GenericResources", GuardPower.EngineHarm, ServiceChecks.GenericResources, ObjectShape.Unknown));

    private static readonly ObjectShape Requirements = new(FieldRule.Object("Reservations", Resources), FieldRule.Object("Limits", Resources));

    private static readonly ObjectShape Placement = new(FieldRule.List("Preferences"), FieldRule.List("Platforms"));

    private static readonly ObjectShape Replicated = new(FieldRule.Of("Replicas", GuardPower.EngineHarm, ServiceChecks.Tasks));

    private static readonly ObjectShape ReplicatedJob = new(
        FieldRule.Of("MaxConcurrent", GuardPower.EngineHarm, ServiceChecks.Tasks),
        FieldRule.Of("TotalCompletions", GuardPower.EngineHarm, ServiceChecks.Tasks));

    private static readonly ObjectShape Mode = new(FieldRule.Object("Replicated", Replicated), FieldRule.Object("ReplicatedJob", ReplicatedJob));

    private static readonly ObjectShape UpdateConfig = new(FieldRule.Of("Parallelism", GuardPower.EngineHarm, ServiceChecks.Tasks));

    private static readonly ObjectShape EndpointSpec = new(FieldRule.List("Ports"));

    private static readonly ObjectShape Network = new(
        FieldRule.Of("Target", GuardPower.HostNamespaces, NetworkChecks.ServiceNetwork),
        FieldRule.Map("DriverOpts"));

    private static readonly ObjectShape LogDriver = new(
        FieldRule.Of("Name", GuardPower.LogDrivers, DriverChecks.ServiceLogDriverName),
        FieldRule.Map("Options"));

    private static readonly ObjectShape TaskTemplate = new(
        FieldRule.Of("PluginSpec", GuardPower.Privileged, FieldTests.AnyContent),
        FieldRule.Of("Runtime", GuardPower.Privileged, TaskRuntime),
        FieldRule.Of("NetworkAttachmentSpec", GuardPower.UnknownKind, FieldTests.AnyContent),
        FieldRule.Object("ContainerSpec", ContainerSpec),
        FieldRule.List("Networks", GuardPower.HostNamespaces, null, Network),
        FieldRule.Object("Resources", Requirements),
        FieldRule.Object("Placement", Placement),
        FieldRule.Object("LogDriver", LogDriver, GuardPower.LogDrivers, DriverChecks.ServiceLogDriver));

    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(
        FieldRule.Object("TaskTemplate", TaskTemplate),
        FieldRule.Object("Mode", Mode),
        FieldRule.Object("UpdateConfig", UpdateConfig),
        FieldRule.Object("RollbackConfig", UpdateConfig),
        FieldRule.Object("EndpointSpec", EndpointSpec),
        FieldRule.List("Networks", GuardPower.HostNamespaces, null, Network),
        FieldRule.Map("Labels"));

    /// <summary>Configs[].Runtime: a config that is no file, for a credential spec of Windows. On Linux it ends the engine of the node that
    /// gets the task, and again at each of its starts. An empty object says it.</summary>
    private static void ConfigRuntime(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!inspection.Json.IsNothing(value))
            inspection.RefuseAlways(rule.Power, value, "a config that is no file ends the engine");
    }

    /// <summary>Image: in an update the engine pulls it with the credentials that it keeps for the service, wherever it is.</summary>
    private static void Image(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsText(ref inspection, value) && inspection.UsesKeptCredentials && inspection.Json[value].Length > 2)
            inspection.Registry = ImageRegistry.Of(inspection.TextOf(value));
    }

    /// <summary>TaskTemplate.Runtime: a task is a container, unless it is a plugin.</summary>
    private static void TaskRuntime(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsText(ref inspection, value) && inspection.TextOf(value) is not ("" or "container"))
            inspection.Refuse(rule.Power, value);
    }
}
