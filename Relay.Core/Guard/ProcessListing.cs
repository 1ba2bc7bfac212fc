using System.Buffers;

namespace SocketRelay.Guard;

/// <summary>The arguments of <c>ps</c> (ps(1), procps and busybox) that a <c>top</c> hands to the engine, which runs it on the host and keeps
/// the lines of the container's processes: it cuts each line at its spaces and takes the word that stands where <c>PID</c> stands in the
/// first line. A column of free text before that one moves the words, so that command lines and environments of the host's processes are
/// taken for ids: they are shown where they equal one, and else stand in the error.</summary>
internal static class ProcessListing
{
    // Options that take no argument, so that an o behind them is the one that names columns.
    private static readonly SearchValues<char> DashedFlags = SearchValues.Create("AadefFHjlLmMNPTVwyZc");
    private static readonly SearchValues<char> PlainFlags = SearchValues.Create("aAefghHjlLmrsSTuvwxXcZ");

    // Columns that never hold a space. Any other one must stand behind pid.
    private static readonly NameList NarrowColumns = NameList.Of(
    [
        "user", "uname", "euser", "ruser", "suser", "fuser", "uid", "euid", "ruid", "suid", "fuid", "group", "egroup", "rgroup", "sgroup", "fgroup", "gid", "egid",
        "rgid", "sgid", "fgid", "ppid", "pgid", "pgrp", "sid", "sess", "session", "tgid", "lwp", "spid", "tid", "nlwp", "thcount", "psr", "c", "cp", "cls", "class",
        "policy", "pri", "priority", "ni", "nice", "rtprio", "f", "flag", "flags", "s", "state", "stat", "tt", "tty", "tname", "tpgid", "%cpu", "pcpu", "%mem",
        "pmem", "vsz", "vsize", "rss", "rsz", "rssize", "sz", "size", "drs", "trs", "etime", "etimes", "time", "cputime", "times", "cputimes",
    ]);

    /// <summary>Whether every line of the listing surely has the process id where the engine looks for it.</summary>
    /// <param name="arguments">The value of ps_args, decoded; the engine splits it at spaces alone.</param>
    public static bool KeepsIdsInPlace(ReadOnlySpan<char> arguments)
    {
        bool hasId = false, isFormat = false;
        foreach (Range range in arguments.Split(' '))
        {
            ReadOnlySpan<char> word = arguments[range];
            if (isFormat)
            {
                isFormat = false;
                if (!IsFormat(word, ref hasId))
                    return false;
            }
            else if (word is "--format")
            {
                isFormat = true;
            }
            else if (!IsOption(word, ref hasId, out isFormat))
            {
                return false;
            }
        }

        return !isFormat;
    }

    /// <summary>Judges one word of options. Arguments of other options are judged as if they were options too, which refuses more.</summary>
    private static bool IsOption(ReadOnlySpan<char> word, ref bool hasId, out bool isFormatNext)
    {
        isFormatNext = false;
        foreach (char letter in word)
            if (letter is <= ' ' or > '~' or '=')
                return false;
        if (word.StartsWith("--"))
            return word is "--forest" || !"--format".AsSpan().StartsWith(word[..Math.Min(word.Length, 4)]);
        ReadOnlySpan<char> letters = word.StartsWith("-") ? word[1..] : word;
        int at = letters.IndexOfAny('o', 'O');
        if (at < 0)
            return true;
        if (letters[..at].ContainsAnyExcept(word.StartsWith("-") ? DashedFlags : PlainFlags))
            return false;
        ReadOnlySpan<char> format = letters[(at + 1)..];
        isFormatNext = format.IsEmpty;
        return isFormatNext || IsFormat(format, ref hasId);
    }

    /// <summary>Judges a list of columns, <c>name[:width]</c> separated by commas, that stands behind those of other lists.</summary>
    private static bool IsFormat(ReadOnlySpan<char> format, ref bool hasId)
    {
        foreach (Range range in format.Split(','))
        {
            ReadOnlySpan<char> column = format[range];
            int colon = column.IndexOf(':');
            ReadOnlySpan<char> name = colon < 0 ? column : column[..colon];
            if (name.IsEmpty || column.ContainsAnyExceptInRange('!', '~') || column.Contains('='))
                return false;
            hasId |= name is "pid";
            if (!hasId && !NarrowColumns.Contains(name))
                return false;
        }

        return true;
    }
}
