using RedisInfer;

namespace WebChat;

/// <summary>The turns of conversations, which a page names by an id of its own. Those used longest ago are forgotten.</summary>
internal sealed class Conversations
{
    private const int MaxConversations = 100;
    private const int MaxTurns = 20;
    private const int MaxIdLength = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long LastUse, List<RagTurn> Turns)> _conversations = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>The turns so far, oldest first.</summary>
    public IReadOnlyList<RagTurn> TurnsOf(string? id)
    {
        lock (_gate)
        {
            return id is not null && _conversations.TryGetValue(id, out (long LastUse, List<RagTurn> Turns) found) ? [.. found.Turns] : [];
        }
    }

    /// <summary>Adds a turn.</summary>
    public void Add(string? id, RagAnswer answer)
    {
        if (id is null or "" || id.Length > MaxIdLength)
        {
            return;
        }

        lock (_gate)
        {
            List<RagTurn> turns = _conversations.TryGetValue(id, out (long LastUse, List<RagTurn> Turns) found) ? found.Turns : [];
            turns.Add(RagTurn.From(answer));
            turns.RemoveRange(0, Math.Max(0, turns.Count - MaxTurns));
            _conversations[id] = (++_uses, turns);
            if (_conversations.Count > MaxConversations)
            {
                _conversations.Remove(_conversations.MinBy(one => one.Value.LastUse).Key);
            }
        }
    }
}
