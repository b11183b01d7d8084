"""What the questions are made of: word lists, forms of sentences, documents, manuals and a thesaurus."""
