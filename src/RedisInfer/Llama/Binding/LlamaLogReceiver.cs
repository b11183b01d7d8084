namespace RedisInfer.Llama.Binding;

/// <summary>Receives what llama.cpp logs. Never throws.</summary>
/// <param name="level">The <c>ggml_log_level</c>: 1 debug, 2 info, 3 warning, 4 error, 5 continues the text before.</param>
/// <param name="text">Text; a line may come in several parts.</param>
public delegate void LlamaLogReceiver(int level, string text);
