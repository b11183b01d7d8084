using RedisInfer.Grammars.Tokens;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>What an answer is held to.</summary>
/// <param name="Grammar">The grammar, for the vocabulary of the model.</param>
/// <param name="Tokenizer">The tokenizer of the model.</param>
/// <param name="MayThink">Whether thoughts may come before the answer. They are held to nothing.</param>
internal sealed record AnswerRules(GrammarCosts Grammar, ITokenizer Tokenizer, bool MayThink)
{
    // Tokens of marks and white space between a thought and the answer.
    private const int TokensOfMarks = 32;

    /// <summary>Tokens that the shortest answer needs, with what may be before it.</summary>
    public long LeastTokens => Grammar.Tokens + (MayThink ? TokensOfMarks : 0);
}
