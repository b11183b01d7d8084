using System.Runtime.CompilerServices;
using Orleans.GrainDirectory;
using RedisInfer.Answering;
using RedisInfer.Orleans.Placement;

namespace RedisInfer.Orleans.Grains;

/// <summary>Answers one question with the runtime of its silo. Ends with the answer.</summary>
[ContextPlacement, GrainDirectory(GrainDirectories.Questions)]
internal sealed class AnswerGrain(SiloTable silos, TimeProvider time) : Grain, IAnswerGrain
{
    public async IAsyncEnumerable<AnswerPart> AnswerAsync(byte[] question, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            string group = RouteKey.Parse(this.GetPrimaryKeyString()).Runtime;
            LocalRuntime runtime = silos.Find(group) ?? throw new InvalidOperationException($"{silos.LocalName} is not of the group {group}.");
            IAsyncEnumerable<RagUpdate> answer = runtime.Runtime.Handoff.AnswerAsync(HandoffFormat.ReadQuestion(question), cancellationToken);
            await foreach (AnswerPart part in AnswerParts.OfAsync(silos.LocalName, answer, time, cancellationToken))
            {
                yield return part;
            }
        }
        finally
        {
            DeactivateOnIdle();
        }
    }
}
