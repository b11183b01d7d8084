using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using RedisInfer;
using RedisInfer.Errors;

namespace WebChat;

/// <summary>What the page asks the server.</summary>
internal static class Endpoints
{
    /// <summary>Answers a question as a stream of events: passages, text, reasoning, and the answer or an error.</summary>
    public static ServerSentEventsResult<object> Ask(
        Question question, IRagGenerator generator, Conversations conversations, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(StreamAsync(GenerateAsync(question, generator, conversations, cancellationToken), cancellationToken));

    /// <summary>Keeps dropped files. They are indexed soon.</summary>
    public static async Task<Results<Ok<AddedFiles>, BadRequest<string>>> AddFilesAsync(
        IFormFileCollection files, DroppedFiles dropped, Library library, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
        {
            return TypedResults.BadRequest("The request has no file.");
        }

        List<string> problems = [];
        foreach (IFormFile file in files)
        {
            if (await dropped.AddAsync(file, cancellationToken) is { } problem)
            {
                problems.Add(problem);
            }
        }

        library.Refresh();
        return TypedResults.Ok(new AddedFiles(files.Count - problems.Count, problems));
    }

    private static async IAsyncEnumerable<SseItem<object>> StreamAsync(
        IAsyncEnumerable<RagUpdate> answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<RagUpdate> updates = answer.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            string? problem = null;
            bool more = false;
            try
            {
                more = await updates.MoveNextAsync();
            }
            catch (Exception exception) when (exception is RedisInferException or ArgumentException)
            {
                problem = exception.Message;
            }

            if (problem is not null)
            {
                yield return new SseItem<object>(new TextPiece(problem), "problem");
            }

            if (!more)
            {
                yield break;
            }

            foreach (SseItem<object> item in Describe(updates.Current))
            {
                yield return item;
            }
        }
    }

    /// <summary>Generates, and throws nothing before its first step. A complete answer becomes a turn of its conversation.</summary>
    private static async IAsyncEnumerable<RagUpdate> GenerateAsync(
        Question question, IRagGenerator generator, Conversations conversations, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new RagRequest(question.Text ?? "") { History = conversations.TurnsOf(question.Conversation) };
        await foreach (RagUpdate update in generator.GenerateStreamingAsync(request, cancellationToken))
        {
            if (update.Answer is { } answer)
            {
                conversations.Add(question.Conversation, answer);
            }

            yield return update;
        }
    }

    private static IEnumerable<SseItem<object>> Describe(RagUpdate update)
    {
        if (update.Passages is { } passages)
        {
            yield return new SseItem<object>(passages, "passages");
        }

        if (update.Reasoning.Length > 0)
        {
            yield return new SseItem<object>(new TextPiece(update.Reasoning), "reasoning");
        }

        if (update.Text.Length > 0)
        {
            yield return new SseItem<object>(new TextPiece(update.Text), "text");
        }

        if (update.Answer is { } answer)
        {
            yield return new SseItem<object>(AnswerFigures.From(answer), "answer");
        }
    }
}
