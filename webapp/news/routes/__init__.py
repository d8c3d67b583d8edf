"""The pages of news: a group's and the site's are the same functions at two addresses."""

from . import group, site

BLUEPRINTS = [group.news_bp, group.bp, site.news_bp, site.bp]
