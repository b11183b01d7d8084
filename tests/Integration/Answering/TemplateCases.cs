using RedisInfer.Tests.Support.ChatTemplates;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>One case for each family of chat templates, with the kind of vocabulary that its models have.</summary>
internal static class TemplateCases
{
    private const string ChatMlTail = "<|im_end|>\n<|im_start|>assistant\n";

    public static IReadOnlyList<TemplateCase> All { get; } =
    [
        new(
            new()
            {
                Name = "Qwen", PreTokenizer = "qwen2", Begin = "<|endoftext|>", End = "<|im_end|>", Controls = ["<|im_start|>"],
                UserDefined = ["<think>", "</think>"], Template = Own("thinking-switch"),
            },
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n",
            ChatMlTail) { BeforeThought = ["<think>"], BeforeAnswer = ["</think>"] },
        new(
            new()
            {
                Name = "ChatML over SentencePiece", AddsBegin = true, AddsSpace = true, Begin = "<s>", End = "<|im_end|>",
                UserDefined = ["<|im_start|>"], Template = Own("chatml"),
            },
            "<s><|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n",
            ChatMlTail),
        new(
            new()
            {
                Name = "Llama 3", PreTokenizer = "llama-bpe", AddsBegin = true, Begin = "<|begin_of_text|>", End = "<|eot_id|>",
                Controls = ["<|start_header_id|>", "<|end_header_id|>"], Template = Own("dated-headers"),
            },
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nToday: 01 Jan 2026\n\nBe brief.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\n",
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
        new(
            new()
            {
                Name = "Mistral", AddsBegin = true, AddsSpace = true, Begin = "<s>", End = "</s>", Controls = ["[INST]", "[/INST]"],
                Template = Own("instructions-in-brackets"),
            },
            "<s>[INST]Be brief.\n\n",
            "[/INST]"),
        new(
            new()
            {
                Name = "Mistral with thoughts", PreTokenizer = "tekken", AddsBegin = true, Begin = "<s>", End = "</s>",
                Controls = ["[INST]", "[/INST]", "[THINK]", "[/THINK]"], Template = Own("instructions-in-brackets"),
            },
            "<s>[INST]Be brief.\n\n",
            "[/INST]") { BeforeThought = ["[THINK]"], BeforeAnswer = ["[/THINK]"] },
        new(
            new()
            {
                Name = "Gemma", AddsBegin = true, Begin = "<bos>", End = "<end_of_turn>", Controls = ["<start_of_turn>"],
                Template = Own("no-system"),
            },
            "<bos><start_of_turn>user\nBe brief.\n\n",
            "<end_of_turn>\n<start_of_turn>model\n"),
        new(
            new()
            {
                Name = "Phi", PreTokenizer = "dbrx", Begin = "<|endoftext|>", End = "<|im_end|>", Controls = ["<|im_start|>", "<|im_sep|>"],
                Template = """
                    {% for turn in messages %}{{ '<|im_start|>' + turn['role'] + '<|im_sep|>' + turn['content'] + '<|im_end|>' }}{% endfor %}
                    {%- if add_generation_prompt %}{{ '<|im_start|>assistant<|im_sep|>' }}{% endif %}
                    """,
            },
            "<|im_start|>system<|im_sep|>Be brief.<|im_end|><|im_start|>user<|im_sep|>",
            "<|im_end|><|im_start|>assistant<|im_sep|>"),
        new(
            new()
            {
                Name = "gpt-oss", PreTokenizer = "gpt-4o", Begin = "<|startoftext|>", End = "<|return|>",
                Controls = ["<|start|>", "<|channel|>", "<|message|>", "<|end|>", "<|call|>"], Template = Own("channels"),
            },
            "<|start|>system<|message|>Knowledge cutoff: 2024-06\nCurrent date: 2026-01-01\nReasoning: high<|end|>"
                + "<|start|>developer<|message|># Instructions\n\nBe brief.<|end|><|start|>user<|message|>",
            "<|end|><|start|>assistant")
        {
            BeforeThought = ["<|channel|>", "analysis", "<|message|>"],
            BeforeAnswer = ["<|end|>", "<|start|>", "assistant", "<|channel|>", "final", "<|message|>"],
        },
        new(
            new()
            {
                Name = "DeepSeek", PreTokenizer = "deepseek-r1-qwen", AddsBegin = true, Begin = "<｜begin▁of▁sentence｜>",
                End = "<｜end▁of▁sentence｜>", UserDefined = ["<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"], Template = Own("thought-opened"),
            },
            "<｜begin▁of▁sentence｜>Be brief.<｜User｜>",
            "<｜Assistant｜><think>\n") { BeforeThought = [], BeforeAnswer = ["</think>"] },
        new(
            new()
            {
                Name = "Granite", PreTokenizer = "refact", Begin = "<|end_of_text|>", End = "<|end_of_text|>",
                Controls = ["<|start_of_role|>", "<|end_of_role|>"],
                Template = """
                    {%- for turn in messages %}
                    {{- '<|start_of_role|>' + turn['role'] + '<|end_of_role|>' + turn['content'] + '<|end_of_text|>\n' }}
                    {%- if loop.last and add_generation_prompt %}{{- '<|start_of_role|>assistant<|end_of_role|>' }}{%- endif %}
                    {%- endfor %}
                    """,
            },
            "<|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>",
            "<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>"),
        new(
            new()
            {
                Name = "Llama 2", AddsBegin = true, AddsSpace = true, Begin = "<s>", End = "</s>",
                Template = """
                    {%- if messages[0]['role'] == 'system' %}{% set system = '<<SYS>>\n' + messages[0]['content'] + '\n<</SYS>>\n\n' %}
                    {%- set messages = messages[1:] %}{% else %}{% set system = '' %}{% endif %}
                    {%- for turn in messages %}
                    {%- if turn['role'] == 'user' %}{{- bos_token + '[INST] ' + (system if loop.first else '') + turn['content'] + ' [/INST]' }}
                    {%- else %}{{- ' ' + turn['content'] + ' ' + eos_token }}{% endif %}
                    {%- endfor %}
                    """,
            },
            "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n",
            " [/INST]"),
    ];

    private static string Own(string template) => File.ReadAllText(Path.Combine(ChatTemplateFolder.Own, template + ".jinja"));
}
