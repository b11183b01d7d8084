using RedisInfer.Answering.Caching;
using RedisInfer.Scheduling;

namespace RedisInfer.Answering;

/// <summary>An answer in flight.</summary>
/// <param name="Passages">The passages that were found for the question and are in its prompt, numbered as in the prompt.</param>
/// <param name="Citable">Every passage in its prompt by number, those of earlier turns too.</param>
/// <param name="Tokenizer">Fingerprint of the tokenizer.</param>
/// <param name="PromptTokens">Number of tokens in its prompt.</param>
/// <param name="Stream">Its text, as it is generated.</param>
/// <param name="Flight">Those who wait for it, if it is to be kept; <see langword="null"/>: it is not.</param>
internal sealed record RunningAnswer(
    IReadOnlyList<RagPassage> Passages,
    IReadOnlyDictionary<int, RagPassage> Citable,
    string Tokenizer,
    int PromptTokens,
    CompletionStream Stream,
    AnswerFlight? Flight);
