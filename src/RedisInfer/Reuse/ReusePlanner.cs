using RedisInfer.KvBlocks;
using RedisInfer.Prompting;

namespace RedisInfer.Reuse;

/// <summary>
/// Names the KV states that a prompt may reuse. States of independently computed passages, and of prompts that contain them, have other
/// names than those of exact prompts: an exact prompt never finds them.
/// </summary>
internal sealed class ReusePlanner(KvIdentity identity, int maxBlockTokens)
{
    private const string PassageKind = "passage";

    /// <summary>The blocks of a prompt that is prefilled in order.</summary>
    public KvChain Exact(Prompt prompt) =>
        KvChain.Cut(identity, prompt.Tokens, prompt.PartEnds, maxBlockTokens, storedEnd: prompt.SharedEnd);

    /// <summary>The blocks of the system prefix alone.</summary>
    public KvChain Head(Prompt prompt) => KvChain.Cut(identity, prompt.Tokens, [HeadEnd(prompt)], maxBlockTokens);

    /// <summary>The blocks of a passage that follows the system prefix alone, including the blocks of that prefix.</summary>
    /// <param name="head">Tokens of the system prefix; empty: nothing precedes the passage.</param>
    /// <param name="text">Tokens of the passage.</param>
    public KvChain Passage(ReadOnlySpan<int> head, ReadOnlySpan<int> text)
    {
        int[] tokens = [.. head, .. text];
        var branch = new KvBranch(head.Length, PassageKind, IsStored: true);
        return KvChain.Cut(identity, tokens, [head.Length, tokens.Length], maxBlockTokens, branch);
    }

    /// <summary>The blocks of a prompt with independently computed passages. They are shared only within the context.</summary>
    public KvChain Independent(Prompt prompt, PassageSetting setting)
    {
        string kind = FormattableString.Invariant($"passages {setting.AfterHead} {setting.RecomputedTokens}");
        return KvChain.Cut(identity, prompt.Tokens, prompt.PartEnds, maxBlockTokens, new KvBranch(HeadEnd(prompt), kind, IsStored: false));
    }

    /// <summary>Plans which part of each passage is computed independently.</summary>
    /// <returns>The plan; <see langword="null"/> if no part is.</returns>
    public PassagePlan? Plan(Prompt prompt, PassageSetting setting)
    {
        int headEnd = HeadEnd(prompt);
        int from = setting.AfterHead ? headEnd : 0;
        var parts = new List<PassagePart>(prompt.Passages.Count);
        foreach (PromptPassage passage in prompt.Passages)
        {
            if (setting.RecomputedTokens < passage.End - passage.TextStart)
            {
                KvChain chain = Passage(prompt.Tokens.AsSpan(0, from), prompt.Tokens.AsSpan(passage.TextStart..passage.End));
                parts.Add(new PassagePart(chain, from, passage.TextStart, passage.TextStart + setting.RecomputedTokens, passage.End));
            }
        }

        return parts.Count == 0 ? null : new PassagePlan(headEnd, parts);
    }

    private static int HeadEnd(Prompt prompt) => prompt.PartEnds[0];
}
