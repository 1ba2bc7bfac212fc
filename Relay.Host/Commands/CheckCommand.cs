using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Http;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>socketrelay check METHOD TARGET [--body FILE|-] [--json]</c>: the verdict under the present settings, what decided, and what would change it.
/// Exit 0 allowed or redirected, 1 refused, 2 unusable.
/// </summary>
internal static class CheckCommand
{
    private const string Usage = "socketrelay check METHOD TARGET [--body FILE|-] [--json] [-e NAME=VALUE] [--env-file FILE]";

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What stands behind <c>check</c>.</param>
    /// <param name="variables">The environment; settings of the command line are laid over it.</param>
    /// <param name="terminal">The process's streams.</param>
    public static int Run(IReadOnlyList<string> arguments, Dictionary<string, string> variables, Terminal terminal)
    {
        if (SettingsArguments.Take(arguments, variables, out string error) is not { } rest)
            return Unusable(error, terminal);
        bool areGiven = rest.Count < arguments.Count;
        bool isJson = rest.Remove("--json");
        string? bodyFile = null;
        int at = rest.IndexOf("--body");
        if (at >= 0)
        {
            if (at + 1 >= rest.Count)
                return Unusable("--body needs a file behind it, or - for standard input", terminal);
            bodyFile = rest[at + 1];
            rest.RemoveRange(at, 2);
        }
        if (rest.Count != 2)
            return Unusable($"usage: {Usage}", terminal);
        OptionsResult settings = OptionsValidator.Validate(variables, withWarnings: false);
        if (settings.Options is not { } options)
            return Unusable(string.Join("\nsocketrelay: ", settings.Errors), terminal);
        byte[]? body = null;
        if (bodyFile is not null && !TryRead(bodyFile, options.Guard.BodyLimit + 1, terminal, out body, out error))
            return Unusable(error, terminal);
        SettingsArguments.Warn(areGiven, options, variables, terminal);
        CallVerdict verdict = CallJudge.Judge(options, rest[0], rest[1], body);
        if (UpperCaseOf(rest[0]) is { } meant)
            terminal.ErrorLine($"socketrelay: warning: methods are upper case: {rest[0]} is another one than {meant}, which was probably meant");
        string text = isJson ? Json(rest[0], rest[1], verdict) : Words(rest[0], rest[1], verdict, options.AuditOnly);
        return terminal.Print(text, verdict.IsAllowed ? ExitCodes.Good : ExitCodes.Bad);
    }

    // Methods are case-sensitive (RFC 9110 9.1): null where this is none that the engine has in upper case.
    private static string? UpperCaseOf(string method)
    {
        string upper = method.ToUpperInvariant();
        return upper != method && HttpMethods.Parse(Encoding.UTF8.GetBytes(upper)) != HttpMethod.Other ? upper : null;
    }

    private static string Words(string method, string target, CallVerdict verdict, bool isAuditOnly)
    {
        StringBuilder text = new(WordOf(verdict));
        if (verdict.Status != 0)
            text.Append($" ({verdict.Status})");
        text.Append(": ").Append(method).Append(' ').Append(target).Append("\n  decided by: ").Append(verdict.Rule);
        if (verdict.Operation is not null)
            text.Append("\n  operation:  ").Append(verdict.Operation);
        if (verdict.Text is not null)
            text.Append(verdict.IsAllowed ? "\n  note:       " : "\n  answer:     ").Append(verdict.Text);
        if (isAuditOnly && !verdict.IsAllowed)
            text.Append("\n  AUDIT_ONLY=1 lets it pass all the same, and logs it");
        return text.ToString();
    }

    private static string WordOf(CallVerdict verdict) => !verdict.IsAllowed ? "refused" : verdict.Status == 0 ? "allowed" : "redirected";

    private static string Json(string method, string target, CallVerdict verdict)
    {
        byte[] buffer = new byte[512 + (6 * (method.Length + target.Length + verdict.Rule.Length + (verdict.Operation?.Length ?? 0) + (verdict.Text?.Length ?? 0)))];
        Utf8LineWriter line = new(buffer);
        line.Raw("{\"method\":"u8);
        Text(method, ref line);
        line.Raw(",\"target\":"u8);
        Text(target, ref line);
        line.Raw(",\"verdict\":"u8);
        Text(WordOf(verdict), ref line);
        line.Raw(",\"status\":"u8);
        line.Number(verdict.Status);
        line.Raw(",\"rule\":"u8);
        Text(verdict.Rule, ref line);
        line.Raw(",\"operation\":"u8);
        Text(verdict.Operation, ref line);
        line.Raw(",\"text\":"u8);
        Text(verdict.Text, ref line);
        line.Raw("}"u8);
        return Encoding.ASCII.GetString(buffer, 0, line.Length);
    }

    private static void Text(string? text, ref Utf8LineWriter line)
    {
        if (text is null)
        {
            line.Raw("null"u8);
            return;
        }
        line.Raw("\""u8);
        line.Quoted(text, LogFormat.Json, int.MaxValue);
        line.Raw("\""u8);
    }

    // One byte more than the guard takes is judged as the whole of a longer body is.
    private static bool TryRead(string file, int most, Terminal terminal, out byte[]? body, out string error)
    {
        body = null;
        error = "";
        try
        {
            using Stream source = file == "-" ? terminal.Input() : File.OpenRead(file);
            body = BoundedInput.ReadUpTo(source, most);
            return true;
        }
        catch (Exception failure) when (FileFailures.IsOne(failure))
        {
            error = FileFailures.CannotRead(file, failure);
            return false;
        }
    }

    private static int Unusable(string error, Terminal terminal)
    {
        terminal.ErrorLine($"socketrelay: {error}");
        return ExitCodes.Unusable;
    }
}
