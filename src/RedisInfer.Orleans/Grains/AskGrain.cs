using System.Runtime.CompilerServices;
using Orleans.GrainDirectory;
using RedisInfer.Answering;
using RedisInfer.Orleans.Placement;
using RedisInfer.Orleans.Relay;

namespace RedisInfer.Orleans.Grains;

/// <summary>Asks with the generator of its silo, which routes the question to the silo that answers. Ends with the answer.</summary>
[ContextPlacement, GrainDirectory(GrainDirectories.Questions)]
internal sealed class AskGrain(SiloTable silos, RoutedGenerators generators, TimeProvider time) : Grain, IAskGrain
{
    public async IAsyncEnumerable<AnswerPart> AskAsync(byte[] request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            IRagGenerator generator = generators.Of(RouteKey.Parse(this.GetPrimaryKeyString()).Runtime);
            IAsyncEnumerable<RagUpdate> answer = AskAsync(generator, HandoffFormat.ReadRequest(request), cancellationToken);
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

    // An invalid request throws at its first step, where its error is turned into a part.
    private static async IAsyncEnumerable<RagUpdate> AskAsync(
        IRagGenerator generator, RagRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RagUpdate update in generator.GenerateStreamingAsync(request, cancellationToken))
        {
            yield return update;
        }
    }
}
