namespace RedisInfer;

/// <summary>How passages are searched for a question that has a <see cref="RagRequest.History"/>.</summary>
public enum FollowUpSearch
{
    /// <summary>
    /// Also by the words and the meaning of the last turns, which count less than the question's own. Takes no pass of the model.
    /// </summary>
    WithHistory,

    /// <summary>
    /// By a question that the model has written from the question and the conversation. It takes a pass of the model before the search.
    /// <see cref="IRagIndex.SearchAsync"/> has no model and searches as <see cref="WithHistory"/>.
    /// </summary>
    Rewritten,

    /// <summary>By the question alone.</summary>
    QuestionOnly,
}
