using System.Diagnostics;
using System.Globalization;
using SharpFuzz;
using SocketRelay.Tests.Fuzz;

// Relay.Fuzz TARGET [--seconds N] [--seed N]   its own mutations of the seeds; the seed is printed
// Relay.Fuzz TARGET FILE…                      the files, to look at a finding
// Relay.Fuzz afl:TARGET                        under AFL++ (.ci/fuzz), which gives the inputs and takes the coverage
const string underAfl = "afl:";
if (args.Length == 0 || !FuzzTargets.All.TryGetValue(args[0].Replace(underAfl, "", StringComparison.Ordinal), out FuzzTarget? target))
{
    Console.Error.WriteLine("usage: Relay.Fuzz TARGET [--seconds N] [--seed N] | TARGET FILE... | afl:TARGET");
    Console.Error.WriteLine($"targets: {string.Join(' ', FuzzTargets.All.Keys)}");
    return 2;
}

if (args[0].StartsWith(underAfl, StringComparison.Ordinal))
{
    using MemoryStream input = new();
    Fuzzer.Run(stream =>
    {
        input.SetLength(0);
        stream.CopyTo(input);
        target(input.GetBuffer().AsSpan(0, (int)input.Length));
    });
    return 0;
}

if (args.Length > 1 && !args[1].StartsWith("--", StringComparison.Ordinal))
{
    foreach (string file in args[1..])
    {
        target(File.ReadAllBytes(file));
        Console.WriteLine($"{file}: nothing found");
    }

    return 0;
}

int seed = Option("--seed") ?? Environment.TickCount;
TimeSpan bound = TimeSpan.FromSeconds(Option("--seconds") ?? 60);
IReadOnlyList<(string Name, byte[] Bytes)> seeds = FuzzTargets.SeedsOf(args[0], AppContext.BaseDirectory);
Console.WriteLine($"{args[0]}: {seeds.Count} seeds, --seed {seed}, {bound.TotalSeconds} s");
Mutator mutator = new(seed);
long start = Stopwatch.GetTimestamp();
long inputs = 0;
foreach ((string name, byte[] bytes) in seeds)
    RunOne(bytes, name);
while (Stopwatch.GetElapsedTime(start) < bound)
{
    RunOne(mutator.Next(seeds), "a mutation");
    inputs++;
}

Console.WriteLine($"{inputs} inputs, nothing found");
return 0;

void RunOne(byte[] input, string name)
{
    try
    {
        target(input);
    }
    catch (Exception)
    {
        string file = Path.GetFullPath($"finding-{args[0]}.bin");
        File.WriteAllBytes(file, input);
        Console.Error.WriteLine($"{name} broke a promise after {inputs} inputs; it is in {file}");
        throw;
    }
}

int? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at > 0 && at + 1 < args.Length ? int.Parse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
