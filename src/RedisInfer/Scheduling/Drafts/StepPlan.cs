namespace RedisInfer.Scheduling.Drafts;

/// <summary>Which answers share a step, and how many rows each may have.</summary>
/// <param name="Sequences">The first of those that wait, in the order of their waiting.</param>
/// <param name="Rows">Most rows of each: one for its last token, and one for each token that it proposes.</param>
internal readonly record struct StepPlan(int Sequences, int Rows);
