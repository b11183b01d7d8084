using System.Text;
using RedisInfer.Inference;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Renders conversations with <c>llama_chat_apply_template</c>, which recognizes a template by its markers.</summary>
internal static unsafe class LlamaChatTemplate
{
    /// <summary>Room for the markers around each turn. A template that needs more is rendered a second time.</summary>
    private const int MarkerBytesPerTurn = 128;

    /// <summary>Renders a conversation.</summary>
    /// <returns>The text; <see langword="null"/> if llama.cpp does not know the template.</returns>
    internal static string? Apply(string template, IReadOnlyList<ChatTurn> messages, bool addAssistantHeader)
    {
        byte[] texts = Pack(messages, out int[] starts);
        byte[] result = new byte[checked(texts.Length + (messages.Count + 1) * MarkerBytesPerTurn)];
        fixed (byte* templateText = Encoding.UTF8.GetBytes(template + "\0"))
        fixed (byte* text = texts)
        {
            var turns = new llama_chat_message[messages.Count];
            for (int i = 0; i < turns.Length; i++)
            {
                turns[i] = new llama_chat_message { role = text + starts[2 * i], content = text + starts[2 * i + 1] };
            }

            fixed (llama_chat_message* chat = turns)
            {
                int length = Call(templateText, chat, turns.Length, addAssistantHeader, result);
                if (length > result.Length)
                {
                    result = new byte[length];
                    length = Call(templateText, chat, turns.Length, addAssistantHeader, result);
                }

                return length < 0 ? null : Encoding.UTF8.GetString(result, 0, length);
            }
        }
    }

    private static int Call(byte* template, llama_chat_message* chat, int count, bool addAssistantHeader, byte[] result)
    {
        fixed (byte* buffer = result)
        {
            return LlamaNative.llama_chat_apply_template(
                template, chat, (nuint)count, addAssistantHeader ? (byte)1 : (byte)0, buffer, result.Length);
        }
    }

    // All roles and contents one after another, as C strings: each ends with a zero byte. A zero inside a text would end it early.
    private static byte[] Pack(IReadOnlyList<ChatTurn> messages, out int[] starts)
    {
        starts = new int[2 * messages.Count];
        using var packed = new MemoryStream();
        for (int i = 0; i < messages.Count; i++)
        {
            starts[2 * i] = Append(packed, messages[i].Role);
            starts[2 * i + 1] = Append(packed, messages[i].Content);
        }

        return packed.ToArray();
    }

    private static int Append(MemoryStream packed, string text)
    {
        int start = checked((int)packed.Position);
        packed.Write(Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD')));
        packed.WriteByte(0);
        return start;
    }
}
