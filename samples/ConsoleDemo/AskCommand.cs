using System.Text.Json;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>Answers one question.</summary>
internal static class AskCommand
{
    public static Task<int> RunAsync(DemoOptions options, string question, bool json) =>
        DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
        {
            if (json)
            {
                RagAnswer answer = await runtime.Generator.GenerateAsync(options.Ask(question), cancellationToken);
                WriteLine(JsonAnswer.From(answer));
            }
            else
            {
                await AnswerView.ShowAsync(Terminal.Output, runtime.Generator, options.Ask(question), cancellationToken);
            }

            return 0;
        });

    /// <summary>Writes JSON as UTF-8, whatever the console's encoding is.</summary>
    private static void WriteLine(JsonAnswer answer)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write([.. JsonSerializer.SerializeToUtf8Bytes(answer, JsonAnswerContext.Readable.JsonAnswer), (byte)'\n']);
    }
}
