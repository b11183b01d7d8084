using System.Diagnostics;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary>Runs the built demo.</summary>
internal static class Demo
{
    private static readonly BuiltProgram Program = new("samples/ConsoleDemo");

    public static Task<ProgramResult> RunAsync(params IEnumerable<string> arguments) => Program.RunAsync(arguments);

    /// <summary>Starts the demo, for a test that does not wait until it ends.</summary>
    public static Process Start(IEnumerable<string> arguments) => Program.Start(arguments);
}
