using System.Text.Json;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>The seccomp profile that the recipes ship.</summary>
internal static class SeccompProfile
{
    /// <summary>Its path.</summary>
    public static string File => Path.Combine(Repository.Root!, "docs", "recipes", "seccomp.json");

    /// <summary>Its rules in their order: why the calls are in it, and their names.</summary>
    public static IReadOnlyList<(string Comment, IReadOnlyList<string> Names)> Rules()
    {
        using var profile = JsonDocument.Parse(System.IO.File.ReadAllBytes(File));
        return [.. profile.RootElement.GetProperty("syscalls").EnumerateArray().Select(static rule => (
            rule.GetProperty("comment").GetString()!, (IReadOnlyList<string>)[.. rule.GetProperty("names").EnumerateArray().Select(static name => name.GetString()!)]))];
    }
}
