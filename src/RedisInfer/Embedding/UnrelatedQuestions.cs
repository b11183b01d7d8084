namespace RedisInfer.Embedding;

/// <summary>
/// Questions about everyday matters. Hardly any corpus is about more than a few of them. So their cosines say how near a chunk is to a
/// question that it has nothing to do with.
/// </summary>
internal static class UnrelatedQuestions
{
    /// <summary>The questions.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "How long should rice be cooked?",
        "Which team won the football championship last year?",
        "What is the capital of Mongolia?",
        "How do I get rid of ants in the kitchen?",
        "Who wrote the play about the prince of Denmark?",
        "What are the symptoms of a vitamin D deficiency?",
        "How many moons does Jupiter have?",
        "When should tomatoes be planted outdoors?",
        "What is the best way to learn the violin?",
        "How much does a passport for a child cost?",
        "Why did the Roman Empire fall?",
        "How can I lower my electricity bill at home?",
        "What is the difference between a lease and a mortgage?",
        "Which dog breeds are good with small children?",
        "How do vaccines train the immune system?",
        "What should I wear to a job interview?",
        "How deep is the deepest part of the ocean?",
        "Who pays for damage to a rented car abroad?",
        "What is the tallest mountain in South America?",
        "How do I remove red wine from a carpet?",
        "Which tax form does a freelancer need?",
        "How are electric cars charged in winter?",
        "What does a red card mean in field hockey?",
        "How far is the nearest star from the sun?",
        "How is cheese made from goat milk?",
        "What are the visiting hours of the city museum?",
        "How do I change the strings of a guitar?",
        "Which documents are needed to register a marriage?",
        "What causes thunder during a storm?",
        "How often should the oil of a motorcycle be changed?",
        "Who discovered penicillin?",
        "How do bees find their way back to the hive?",
    ];
}
