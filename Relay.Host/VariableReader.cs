using System.Globalization;
using SocketRelay.Policy;

namespace SocketRelay.Host;

/// <summary>
/// Reads the relay's own variables, whose values are strict: what cannot be understood is an error, never a default. An empty value is
/// the same as none, as compose files write <c>NAME=${NAME:-}</c>.
/// </summary>
/// <param name="variables">The variables by name.</param>
/// <param name="errors">Gets one line for each value that is not understood.</param>
internal sealed class VariableReader(IReadOnlyDictionary<string, string> variables, ICollection<string> errors)
{
    /// <summary>The value of <paramref name="name"/> without white space around it; null where it is unset or empty.</summary>
    public string? Text(string name) =>
        variables.TryGetValue(name, out string? value) && value.AsSpan().Trim().Length > 0 ? value.Trim() : null;

    /// <summary>A switch of our own: 0 or 1.</summary>
    public bool Switch(string name, bool fallback)
    {
        switch (Text(name))
        {
            case null:
                return fallback;
            case "0":
                return false;
            case "1":
                return true;
            case { } other:
                errors.Add(SettingText.NotUnderstood(name, other, "1 or 0"));
                return fallback;
        }
    }

    /// <summary>
    /// A length of time: a whole number with <c>ms</c>, <c>s</c>, <c>m</c> or <c>h</c> behind it; a bare number is seconds.
    /// </summary>
    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        string? text = Text(name);
        if (text is null)
            return fallback;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        long unitMs = text[digits..] switch
        {
            "" or "s" => 1000,
            "ms" => 1,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 0,
        };
        if (unitMs == 0 || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            errors.Add(SettingText.NotUnderstood(name, text, "a number with ms, s, m or h behind it, as in 30s"));
            return fallback;
        }
        TimeSpan value = TimeSpan.FromMilliseconds(count * unitMs);
        if (value < least || value > most)
        {
            errors.Add($"{name}: \"{SettingText.Shown(text)}\" is out of range; use {Words(least)} to {Words(most)}");
            return fallback;
        }
        return value;
    }

    /// <summary>A whole number within bounds.</summary>
    public int Count(string name, int fallback, int least, int most)
    {
        string? text = Text(name);
        if (text is null)
            return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        errors.Add(SettingText.NotUnderstood(name, text, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")));
        return fallback;
    }

    /// <summary>One of a few words, in any case.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="words">The words, as the error lists them.</param>
    /// <param name="fallback">What holds where it is unset.</param>
    /// <param name="others">Other spellings, each with the word that it stands for.</param>
    /// <returns>The index into <paramref name="words"/>.</returns>
    public int Word(string name, IReadOnlyList<string> words, int fallback, params ReadOnlySpan<(string Spelling, string Word)> others)
    {
        string? text = Text(name);
        if (text is null)
            return fallback;
        string word = text;
        foreach ((string spelling, string meant) in others)
        {
            if (text.Equals(spelling, StringComparison.OrdinalIgnoreCase))
                word = meant;
        }
        for (int i = 0; i < words.Count; i++)
        {
            if (word.Equals(words[i], StringComparison.OrdinalIgnoreCase))
                return i;
        }
        errors.Add(SettingText.NotUnderstood(name, text, $"{string.Join(", ", words.Take(words.Count - 1))}{(words.Count > 1 ? " or " : "")}{words[^1]}"));
        return fallback;
    }

    private static string Words(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } when time.TotalHours == Math.Floor(time.TotalHours) => $"{(int)time.TotalHours}h",
        { TotalMinutes: >= 1 } when time.TotalMinutes == Math.Floor(time.TotalMinutes) => $"{(int)time.TotalMinutes}m",
        { TotalSeconds: >= 1 } => $"{(int)time.TotalSeconds}s",
        _ => $"{(int)time.TotalMilliseconds}ms",
    };
}
