using RedisInfer.Errors;

namespace RedisInfer.Llama.Gguf;

/// <summary>Error texts for everything that can be wrong with a model file.</summary>
internal static class GgufErrors
{
    internal static RedisInferException ModelMissing(string path, Exception? cause = null) => NotLoadable(
        $"The model file '{path}' does not exist (current directory: '{Environment.CurrentDirectory}'). "
        + "Give the path of a GGUF file.", cause);

    internal static RedisInferException ModelIsDirectory(string path) => NotLoadable(
        $"The model path '{path}' is a folder. Give the path of the GGUF file in it.");

    internal static RedisInferException ModelNotReadable(string path, Exception cause) => NotLoadable(
        $"The model file '{path}' cannot be read: {cause.Message} Check its permissions and the disk.", cause);

    internal static RedisInferException NotGguf(string path) => NotLoadable(
        $"'{path}' is not a GGUF file: it does not start with 'GGUF'. Download the model in GGUF format, or convert it with llama.cpp's "
        + "convert_hf_to_gguf.py. (A file of a few hundred bytes may be a Git LFS pointer, or a web page saved instead of the model.)");

    internal static RedisInferException GgufVersion(string path, uint version) => NotLoadable(
        $"'{path}' is a GGUF file of version {version}; versions 2 and 3 are supported. Convert the model again. (A number in the tens of "
        + "millions means that the file was written for big-endian machines.)");

    internal static RedisInferException GgufTruncated(string path, string detail) => NotLoadable(
        $"'{path}' is truncated: {detail}. Download or copy the file again.");

    internal static RedisInferException GgufDamaged(string path, string detail) => NotLoadable(
        $"'{path}' is damaged: {detail}. Download or convert the model again.");

    internal static RedisInferException GgufUnusable(string path, string detail) => NotLoadable(
        $"'{path}' cannot be used: {detail}.");

    internal static RedisInferException NotLoadable(string message, Exception? cause = null) =>
        new(RedisInferErrorCode.ModelNotLoadable, message, cause);
}
