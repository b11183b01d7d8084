using RedisInfer;
using RedisInfer.Errors;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows the demo questions and their answers, then takes questions from the terminal until the user ends the session.</summary>
internal static class InteractiveSession
{
    // Questions about the handbook that ships with the demo: in words of the text, in other words, one that it does not answer, a follow-up.
    private static readonly (string Question, bool FollowsUp)[] HandbookQuestions =
    [
        ("How early must dangerous goods be declared?", false),
        ("Where do we gather in case of fire?", false),
        ("How much is vacation per year?", false),
        ("When is the canteen open?", false),
        ("How long are backups of the orders database kept?", false),
        ("And of the manifest database?", true),
    ];

    public static Task<int> RunAsync(DemoOptions options) => DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
    {
        IRagGenerator rag = runtime.Generator;
        IAnsiConsole console = Terminal.Output;
        console.WriteLine();
        RagTurn? before = null;
        foreach ((string question, bool followsUp) in options.UsesHandbook ? HandbookQuestions : [])
        {
            console.MarkupLineInterpolated($"[bold green]?[/] [bold]{question}[/]");
            RagRequest request = options.Ask(question) with { History = followsUp && before is not null ? [before] : [] };
            RagAnswer answer = await AnswerView.ShowAsync(console, rag, request, cancellationToken);
            before = answer.Text.Length > 0 ? RagTurn.From(answer) : null;
        }

        if (Terminal.CanAsk)
        {
            await TakeQuestionsAsync(console, rag, options, cancellationToken);
        }
        else
        {
            Terminal.Error.MarkupLine("[grey]No terminal to take questions from: use ask \"QUESTION\".[/]");
        }

        return 0;
    });

    private static async Task TakeQuestionsAsync(
        IAnsiConsole console, IRagGenerator rag, DemoOptions options, CancellationToken cancellationToken)
    {
        console.MarkupLine(
            "[grey]Ask about the documents. A question may follow up on those before; /new begins another conversation.[/]");
        console.MarkupLine("[grey]An empty line, /quit or Ctrl+C ends.[/]");
        var conversation = new List<RagTurn>();
        try
        {
            while (await ReadQuestionAsync(console, cancellationToken) is { } question)
            {
                if (question.Trim() == "/new")
                    conversation.Clear();
                else
                    await AnswerAsync(console, rag, options.Ask(question), conversation, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.WriteLine(); // Ctrl+C is a way to leave, not a failure
        }
    }

    private static async Task<string?> ReadQuestionAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        console.Markup("[bold green]?[/] ");

        // Reading a line cannot be canceled. At Ctrl+C the pending read is abandoned and ends with the process.
        string? line = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        return string.IsNullOrWhiteSpace(line) || line.Trim() == "/quit" ? null : line;
    }

    private static async Task AnswerAsync(
        IAnsiConsole console, IRagGenerator rag, RagRequest question, List<RagTurn> conversation, CancellationToken cancellationToken)
    {
        try
        {
            RagRequest followUp = question with { History = [.. conversation.TakeLast(RagRequest.MaxHistoryTurns)] };
            RagAnswer answer = await AnswerView.ShowAsync(console, rag, followUp, cancellationToken);
            if (!string.IsNullOrWhiteSpace(answer.Text))
                conversation.Add(RagTurn.From(answer));
        }
        catch (RedisInferException failure)
        {
            ErrorLine.Write(failure); // the next question may succeed
        }
    }
}
