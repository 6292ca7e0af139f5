"""What people wrote: topics and sentiment in English and Italian, with nothing but words."""
