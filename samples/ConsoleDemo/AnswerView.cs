using System.Globalization;
using RedisInfer;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows one answer: the text while it is generated, then the citations, then the timings.</summary>
internal static class AnswerView
{
    public static async Task<RagAnswer> ShowAsync(IAnsiConsole console, IRagGenerator rag, RagRequest question, CancellationToken cancellationToken)
    {
        var text = new WrappedText(console);
        RagAnswer? answer = null;
        IAsyncEnumerator<RagUpdate> updates =
            rag.GenerateStreamingAsync(question, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (updates)
        {
            bool more = await WaitForTextAsync(console, updates);
            for (; more; more = await updates.MoveNextAsync())
            {
                text.Write(updates.Current.Text);
                answer = updates.Current.Answer ?? answer;
            }
        }

        text.End();
        console.WriteLine();
        ShowCitations(console, answer!);
        TimingTable.Show(console, answer!);
        return answer!;
    }

    /// <summary>Advances to the first update with text, or with the final answer. On a terminal, shows a spinner meanwhile.</summary>
    private static async Task<bool> WaitForTextAsync(IAnsiConsole console, IAsyncEnumerator<RagUpdate> updates)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await MoveToTextAsync(updates);
        }

        return await console.Status().StartAsync("[grey]searching and reading[/]", _ => MoveToTextAsync(updates));
    }

    private static async Task<bool> MoveToTextAsync(IAsyncEnumerator<RagUpdate> updates)
    {
        while (await updates.MoveNextAsync())
        {
            if (updates.Current is { Text.Length: > 0 } or { Answer: not null })
            {
                return true;
            }
        }

        return false;
    }

    private static void ShowCitations(IAnsiConsole console, RagAnswer answer)
    {
        if (answer.Citations.Count == 0)
        {
            console.MarkupLineInterpolated($"  [grey]No citation: {NoCitationReason(answer)}[/]");
        }

        foreach (RagCitation citation in answer.Citations)
        {
            string page = citation.Page is { } number ? $", page {number}" : "";
            string trail = citation.Trail.Length > 0 ? $", {citation.Trail}" : "";
            string place = Printable.OneLine(string.Create(
                CultureInfo.InvariantCulture, $"{citation.Path}:{citation.StartLine}-{citation.EndLine}{page}{trail}"));
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"  [blue][[{citation.Number}]][/] {place} [grey](score {citation.Score:0.00})[/]");
        }

        console.WriteLine();
    }

    private static string NoCitationReason(RagAnswer answer) => answer.FinishReason == RagFinishReason.NoContext
        ? "nothing in the index is near the question."
        : $"the model names none of the passages it was given ({answer.Passages.Count}).";
}
