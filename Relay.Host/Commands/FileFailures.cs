using System.Runtime.InteropServices;
using SocketRelay.Policy;

namespace SocketRelay.Host.Commands;

/// <summary>
/// Why a file cannot be read or written, in the system's words. An exception's own message is never printed: the published program carries none,
/// only the names of their resources.
/// </summary>
internal static class FileFailures
{
    private const string StandardStream = "-";

    // errno(3) stays below; other values of an exception's HResult are Windows' own.
    private const int LargestErrno = 4095;

    /// <summary>Whether <paramref name="failure"/> is about the file and not about the program. An empty name is an argument that no file has.</summary>
    public static bool IsOne(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>The line about a file that was to be read: <c>cannot read relay.log: no such file</c>.</summary>
    /// <param name="file">The file; <c>-</c> is standard input.</param>
    /// <param name="failure">What was thrown.</param>
    public static string CannotRead(string file, Exception failure) =>
        $"cannot read {NameOf(file)}: {ReasonOf(file, failure)}";

    /// <summary>The line about a file that is longer than anything that was meant, as a device is that never ends.</summary>
    /// <param name="file">The file; <c>-</c> is standard input.</param>
    /// <param name="what">What is too long, and what to give instead.</param>
    public static string TooLong(string file, string what) => $"cannot read {NameOf(file)}: {what}";

    /// <summary>The line about standard output that takes nothing.</summary>
    public static string CannotPrint(Exception failure) => $"cannot write to standard output: {ReasonOf(StandardStream, failure)}";

    private static string NameOf(string file) => file == StandardStream ? "standard input" : file.Length == 0 ? "\"\"" : SettingText.Shown(file);

    private static string ReasonOf(string file, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException or ArgumentException => "no such file",
        UnauthorizedAccessException when file == StandardStream => "it is not open for that",
        _ when Directory.Exists(file) => "it is a directory",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the name is too long",
        { HResult: > 0 and <= LargestErrno } => Marshal.GetPInvokeErrorMessage(failure.HResult),
        _ => "input or output failed",
    };
}
