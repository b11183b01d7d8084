using System.Numerics.Tensors;
using System.Text;
using RedisInfer.Inference;
using RedisInfer.Prompting;

namespace RedisInfer.Tests.Integration.Reuse;

/// <summary>
/// The expected answer from passages computed independently of each other, step by step and without a cache.
/// Each passage is computed in its own sequence, saved, loaded, shifted and joined.
/// </summary>
internal sealed class PassageReference(IInferenceModel model, IInferenceContext context)
{
    /// <summary>Number of sequences that the context must have.</summary>
    public const int SequenceCount = 3;

    private const int Answering = 0;
    private const int Passage = 1;
    private const int Scratch = 2;

    private readonly TokenBatch _batch = new(context.BatchSize);

    public string Answer(Prompt prompt, int recomputedTokens, int maxOutputTokens)
    {
        int head = prompt.PartEnds[0];
        byte[][] states = [.. prompt.Passages.Select(passage => Compute(prompt, passage))];
        Read(Answering, prompt.Tokens.AsSpan(0, head));
        for (int i = 0; i < states.Length; i++)
        {
            PromptPassage passage = prompt.Passages[i];
            if (passage.End - passage.TextStart <= recomputedTokens)
            {
                continue;
            }

            Read(Answering, prompt.Tokens.AsSpan(Length..(passage.TextStart + recomputedTokens)));
            context.LoadState(Scratch, states[i]);
            context.RemoveSequence(Scratch, head, head + recomputedTokens);
            context.ShiftSequence(Scratch, head, -1, passage.TextStart - head);
            context.CopySequence(Scratch, Answering);
            context.RemoveSequence(Scratch);
        }

        Read(Answering, prompt.Tokens.AsSpan(Length..^1));
        string answer = Generate(prompt.Tokens[^1], maxOutputTokens);
        context.RemoveSequence(Answering);
        return answer;
    }

    private int Length => context.GetSequenceLength(Answering);

    private byte[] Compute(Prompt prompt, PromptPassage passage)
    {
        int head = prompt.PartEnds[0];
        Read(Passage, prompt.Tokens.AsSpan(0, head));
        Read(Passage, prompt.Tokens.AsSpan(passage.TextStart..passage.End));
        context.RemoveSequence(Passage, 0, head);
        byte[] state = new byte[context.GetStateSize(Passage)];
        context.SaveState(Passage, state);
        context.RemoveSequence(Passage);
        return state;
    }

    private string Generate(int token, int maxOutputTokens)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < maxOutputTokens; i++)
        {
            Read(Answering, [token]);
            token = TensorPrimitives.IndexOfMax(context.GetLogits(0));
            if (model.Tokenizer.IsEndOfGeneration(token))
            {
                break;
            }

            bytes.AddRange(model.Tokenizer.GetBytes(token));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private void Read(int sequence, ReadOnlySpan<int> tokens)
    {
        while (tokens.Length > 0)
        {
            int count = Math.Min(tokens.Length, _batch.Capacity);
            int start = context.GetSequenceLength(sequence);
            _batch.Clear();
            for (int i = 0; i < count; i++)
            {
                _batch.Add(tokens[i], start + i, sequence, output: i == count - 1);
            }

            Assert.Equal(DecodeResult.Done, context.Decode(_batch, CancellationToken.None));
            tokens = tokens[count..];
        }
    }
}
