"""The material of the questions: word lists, sentence forms, documents, manuals and a thesaurus."""
