using System.Runtime.CompilerServices;
using RedisInfer.Errors;
using RedisInfer.Grammars;
using RedisInfer.Grammars.Tokens;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Scheduling;

namespace RedisInfer.Answering;

/// <summary>Prepares the formats of answers for a model. What is computed for a format is kept as long as the host keeps the format. Thread-safe.</summary>
/// <param name="model">The model that answers.</param>
/// <param name="enableThinking">Whether it may think before it answers.</param>
internal sealed class AnswerFormats(IInferenceModel model, bool enableThinking)
{
    private readonly Lazy<VocabularyBytes> _vocabulary = new(() => new VocabularyBytes(model.Tokenizer));
    private readonly ConditionalWeakTable<Grammar, GrammarCosts> _costs = [];
    private readonly bool _mayThink = enableThinking && ThoughtForm.IsKnownTo(model.Info.ChatTemplate ?? "");

    /// <summary>The rules of an answer.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="isThoughtOpen">Whether the prompt has opened a thought.</param>
    /// <param name="maxOutputTokens">Most tokens to generate.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ContextTooLong"/>: the shortest answer needs more tokens.
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the model's vocabulary cannot write the format.
    /// </exception>
    public AnswerRules RulesOf(RagResponseFormat format, bool isThoughtOpen, int maxOutputTokens)
    {
        GrammarCosts costs = _costs.GetValue(format.Grammar, grammar => new GrammarCosts(grammar, _vocabulary.Value));
        var rules = new AnswerRules(costs, model.Tokenizer, _mayThink || isThoughtOpen);
        if (costs.Tokens >= Grammar.Never)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"The vocabulary of '{model.Info.Path}' cannot write an answer by this JSON schema: it lacks characters that the schema requires.");
        }

        return rules.LeastTokens <= maxOutputTokens ? rules : throw new RedisInferException(
            RedisInferErrorCode.ContextTooLong,
            $"The shortest answer by this JSON schema needs up to {rules.LeastTokens} tokens, and there is room for {maxOutputTokens}. "
            + "Raise MaxOutputTokens or ContextSize, or require less in the schema.");
    }
}
