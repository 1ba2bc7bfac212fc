using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocketRelay.Native;

namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>socketrelay serve</c>: the relay as a hosted service. The host is the bare one, with the console logger alone: no configuration files,
/// no file watchers and no metrics of its own, which would double the process.
/// </summary>
internal static class ServeCommand
{
    /// <summary>Beyond the drain: closing what is left and flushing the log take milliseconds.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>Runs until a signal; returns the exit code.</summary>
    public static int Run(Terminal terminal)
    {
        StartMemory.Postpone();
        OptionsResult result = OptionsValidator.Validate(EnvironmentSettings.Read());
        if (result.Options is not { } options)
        {
            foreach (string error in result.Errors)
                terminal.ErrorLine($"socketrelay: {error}");
            return ExitCodes.Unusable;
        }
        long descriptors = DescriptorLimit.Raise();
        MemoryShares memory = MemoryShares.OfProcess();
        IReadOnlyList<string> warnings =
            [.. result.Warnings, .. StartWarnings.OfDescriptors(options.MaxConnections, descriptors), .. memory.Warnings(options)];
        options = options with
        {
            MaxConnections = memory.ConnectionsWithin(StartWarnings.ConnectionsWithin(options.MaxConnections, descriptors)),
            Guard = options.Guard with { Memory = memory.BodiesWithin(options.Guard) },
        };
        options = options with { MaxPipes = StartWarnings.PipesWithin(options.MaxConnections, descriptors) };
        if (RootPrivileges.AreHeld && !options.KeepRoot)
            RootPrivileges.Narrow(); // now, while no other thread has been started
        StandardOutput output = new(new OutputStream());
        Console.SetOut(output.AsTextWriter());
        RelayOutcome outcome = new();
        using IHost host = new HostBuilder()
            .ConfigureHostConfiguration(static host => host.AddInMemoryCollection([new(HostDefaults.ApplicationKey, "socketrelay")])) // else looked up by reflection
            .ConfigureServices(services => Configure(services, options, memory, warnings, output, outcome))
            .Build();
        host.Run();
        return outcome.ExitCode;
    }

    private static void Configure(
        IServiceCollection services, HostOptions options, MemoryShares memory, IReadOnlyList<string> warnings, StandardOutput output, RelayOutcome outcome)
    {
        // Each of these by its own type. What the host adds by itself it builds from open generics, options and loggers, at run time: two fifths of a start.
        services.RemoveAll<IStartupValidator>(); // it would start the host's metrics, for which nobody listens
        services.AddSingleton(Options.Create(new Microsoft.Extensions.Hosting.HostOptions { ShutdownTimeout = options.DrainTimeout + StopMargin }));
        services.AddSingleton(_ => LoggersOf(options));
        services.AddSingleton<IHostApplicationLifetime>(provider => new ApplicationLifetime(
            new Logger<ApplicationLifetime>(provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<IHostLifetime>(provider => new SignalLifetime(provider.GetRequiredService<IHostApplicationLifetime>()));
        services.AddSingleton<IHostedService>(provider => new RelayService(
            options, memory, warnings, output, outcome,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("SocketRelay"),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            TimeProvider.System));
    }

    // A factory disposes of what was added to it, not of what it was made with; nobody else would wait until the last lines are written.
    private static ILoggerFactory LoggersOf(HostOptions options)
    {
        LoggerFactory factory = new([], FilterOf(options));
        factory.AddProvider(ConsoleLogging.CreateProvider(options.LogFormat, TimeProvider.System));
        return factory;
    }

    private static LoggerFilterOptions FilterOf(HostOptions options)
    {
        LoggerFilterOptions filter = new() { MinLevel = options.LogLevel.ToLogLevel() };
        // The host's own lines (started, stopping) say nothing that the relay's do not.
        filter.Rules.Add(new LoggerFilterRule(providerName: null, categoryName: "Microsoft", LogLevel.Warning, filter: null));
        return filter;
    }
}
