namespace SocketRelay.Policy;

/// <summary>The value of every switch of a dialect: on or off. Unknown names are no part of it.</summary>
/// <param name="switches">Switch name to value.</param>
internal sealed class PolicySettings(IReadOnlyDictionary<string, bool> switches)
{
    /// <summary>The names of the switches that are on, in alphabetical order.</summary>
    public IEnumerable<string> On => switches.Keys.Where(IsOn).Order(StringComparer.Ordinal);

    /// <summary>Whether this switch is on. A name that the dialect does not have is off.</summary>
    public bool IsOn(string name) => switches.GetValueOrDefault(name);

    /// <summary>The same settings but for one switch.</summary>
    public PolicySettings With(string name, bool isOn) => new(new Dictionary<string, bool>(switches) { [name] = isOn });
}
